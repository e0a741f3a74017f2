// Prints what Go makes of durations: go run go-duration.go > go-duration.json
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"time"
)

type C struct {
	Text   string `json:"text"`
	Ns     string `json:"ns,omitempty"`
	String string `json:"string,omitempty"`
	Error  string `json:"error,omitempty"`
}

func main() {
	in := []string{"0", "+0", "-0", "", "+", "-", "1", "1s", "5s", "30s", "1478s", "-5s", "+5s", "5.0s", "5.6s", "5.", "5.s", ".5s", "1.0s", "1.00s", "1.004s", "1.0040s", "100.00100s", "10ns", "11us", "12µs", "12μs", "13ms", "14s", "15m", "16h", "3h30m", "10.5s4m", "-2m3.4s", "1h2m3s4ms5us6ns", "39h9m14.425s", "52763797000ns", "0.3333333333333333333h", "9007199254740993ns", "9223372036854775807ns", "9223372036854775.807us", "9223372036s854ms775us807ns", "-9223372036854775808ns", "-9223372036854775.808us", "-9223372036s854ms775us808ns", "-2562047h47m16.854775808s", "0.100000000000000000000h", "0.830103483285477580700h", "3", "-3", ".s", "+.s", "-.s", "1d", "1w", "hello µ world", "2562048h", "9223372036854775808ns", "9223372036854775.808us", "-9223372036854775809ns", "3000000h", "1e3s", "72h", "8760h", "87600h", "1h1d", " 1h", "1h ", "1,5h", "1.5.5h", "0.000000001s", "0.0000000001s", "1us", "1500ns", "999999999ns", "60s", "59m60s", "0.1h", "\"h"}
	var out []C
	for _, s := range in {
		d, err := time.ParseDuration(s)
		c := C{Text: s}
		if err != nil {
			c.Error = err.Error()
		} else {
			c.Ns = fmt.Sprint(int64(d))
			c.String = d.String()
		}
		out = append(out, c)
	}
	e := json.NewEncoder(os.Stdout)
	e.SetEscapeHTML(false)
	e.Encode(out)
}

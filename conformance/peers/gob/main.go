// Program gob encodes and decodes gob streams on request: one JSON request per line on standard input,
// one JSON answer per line on standard output. Types are built by reflection from their descriptions.
package main

import (
	"bufio"
	"bytes"
	"encoding/gob"
	"encoding/json"
	"fmt"
	"io"
	"math/rand"
	"os"
	"reflect"
)

type request struct {
	// "decode": Data holds Count values of Type. "random": make Count values of Type from Seed.
	Op    string
	Type  description
	Data  []byte
	Seed  int64
	Count int
}

type answer struct {
	// The values, in the form of canonical.go.
	Values []any
	// The values encoded by Go, on one stream.
	Data  []byte
	Error string
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == "vectors" {
		if err := printVectors(os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	in := bufio.NewReader(os.Stdin)
	out := json.NewEncoder(os.Stdout)
	for {
		line, err := in.ReadBytes('\n')
		if err == io.EOF {
			return
		}
		var req request
		if err == nil {
			err = json.Unmarshal(line, &req)
		}
		ans := answer{}
		if err == nil {
			ans, err = handle(req)
		}
		if err != nil {
			ans.Error = err.Error()
		}
		if err := out.Encode(ans); err != nil {
			return
		}
	}
}

func handle(req request) (ans answer, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	typ := req.Type.build()
	var encoded bytes.Buffer
	encoder := gob.NewEncoder(&encoded)
	decoder := gob.NewDecoder(bytes.NewReader(req.Data))
	random := rand.New(rand.NewSource(req.Seed))
	for range req.Count {
		value := reflect.New(typ)
		if req.Op == "random" {
			fill(random, value.Elem(), 0)
		} else if err := decoder.DecodeValue(value); err != nil {
			return ans, err
		}
		ans.Values = append(ans.Values, canonical(value.Elem(), false))
		if err := encoder.EncodeValue(value.Elem()); err != nil {
			return ans, err
		}
	}
	if req.Op != "random" {
		if err := decoder.DecodeValue(reflect.Value{}); err != io.EOF {
			return ans, fmt.Errorf("expected the end of the stream, got %v", err)
		}
	}
	ans.Data = encoded.Bytes()
	return ans, nil
}

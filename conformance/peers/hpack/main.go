// Command hpack is one end of an HPACK conversation with golang.org/x/net/http2/hpack: it answers each
// line of JSON on stdin with one on stdout. One process has one encoder and one decoder.
//
//	{"Encode": [["name", "value"], …], "Sensitive": bool}  →  {"Block": hex}
//	{"Decode": hex}                                        →  {"Fields": [["name", "value"], …]}
//	{"EncoderTable": bytes}      what our SETTINGS_HEADER_TABLE_SIZE allows Go's encoder
//	{"DecoderTable": bytes}      what Go's decoder allows us
//
// A failure is answered with {"Error": text}. With the argument "vectors" it prints lines of encoded
// blocks and their fields instead, for the recorded tests.
package main

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"os"

	"golang.org/x/net/http2/hpack"
)

type request struct {
	Encode       [][2]string
	Sensitive    bool
	Decode       *string
	EncoderTable *uint32
	DecoderTable *uint32
}

type answer struct {
	Block  string
	Fields [][2]string
	Error  string
}

type end struct {
	out     bytes.Buffer
	encoder *hpack.Encoder
	decoder *hpack.Decoder
}

func newEnd() *end {
	e := &end{decoder: hpack.NewDecoder(4096, nil)}
	e.encoder = hpack.NewEncoder(&e.out)
	return e
}

func (e *end) encode(fields [][2]string, sensitive bool) string {
	e.out.Reset()
	for _, field := range fields {
		e.encoder.WriteField(hpack.HeaderField{Name: field[0], Value: field[1], Sensitive: sensitive})
	}
	return hex.EncodeToString(e.out.Bytes())
}

func (e *end) decode(text string) answer {
	block, err := hex.DecodeString(text)
	if err != nil {
		return answer{Error: err.Error()}
	}
	fields, err := e.decoder.DecodeFull(block)
	if err != nil {
		return answer{Error: err.Error()}
	}
	decoded := [][2]string{}
	for _, field := range fields {
		decoded = append(decoded, [2]string{field.Name, field.Value})
	}
	return answer{Fields: decoded}
}

func (e *end) serve(r request) answer {
	switch {
	case r.Decode != nil:
		return e.decode(*r.Decode)
	case r.EncoderTable != nil:
		e.encoder.SetMaxDynamicTableSizeLimit(*r.EncoderTable)
		e.encoder.SetMaxDynamicTableSize(*r.EncoderTable)
		return answer{}
	case r.DecoderTable != nil:
		e.decoder.SetAllowedMaxDynamicTableSize(*r.DecoderTable)
		return answer{}
	default:
		return answer{Block: e.encode(r.Encode, r.Sensitive)}
	}
}

// What a Go client and server of gRPC send, in one connection's order.
var recorded = [][][2]string{
	{{":method", "POST"}, {":scheme", "http"}, {":path", "/grpc.health.v1.Health/Check"}, {":authority", "unused"},
		{"content-type", "application/grpc"}, {"user-agent", "grpc-go/1.83.0"}, {"te", "trailers"}},
	{{":method", "POST"}, {":scheme", "http"}, {":path", "/grpc.health.v1.Health/Check"}, {":authority", "unused"},
		{"content-type", "application/grpc"}, {"user-agent", "grpc-go/1.83.0"}, {"te", "trailers"},
		{"grpc-timeout", "4999841u"}, {"trace-bin", "AAECAwQFBgc"}},
	{{":status", "200"}, {"content-type", "application/grpc"}},
	{{"grpc-status", "5"}, {"grpc-message", "no key %E4%B8%AD \"x\""}},
	{{":status", "200"}, {"content-type", "application/grpc"}},
	{{"grpc-status", "0"}, {"grpc-message", ""}},
	{{"odd", "\t\u007f{}<>^`|~\\ all the long codes: \u0001\u001f"}},
}

func vectors(out *json.Encoder) {
	e := newEnd()
	for _, fields := range recorded {
		out.Encode(map[string]any{"block": e.encode(fields, false), "fields": fields})
	}
}

func main() {
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	if len(os.Args) > 1 && os.Args[1] == "vectors" {
		vectors(out)
		return
	}
	e := newEnd()
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var r request
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			out.Encode(answer{Error: err.Error()})
			continue
		}
		out.Encode(e.serve(r))
	}
}

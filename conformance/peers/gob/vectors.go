package main

import (
	"bytes"
	"encoding/gob"
	"encoding/hex"
	"fmt"
	"io"
	"math/big"
	"net/url"
	"time"
)

type Scalars struct {
	Bool    bool
	Int     int
	Uint    uint
	Float   float64
	Complex complex128
	String  string
	Bytes   []byte
}

type Composites struct {
	Slice   []int
	Array   [3]string
	Map     map[string]int
	Pointer *Point
	Nested  Point
	Empty   map[int]bool
}

type Marshalers struct {
	Time time.Time
	Big  *big.Int
	URL  *url.URL
}

type Holder struct {
	Name string
	Held any
	Also []any
}

type Base struct{ Id int }

type Derived struct {
	Base
	Name   string
	hidden int
}

// printVectors prints streams for the package's tests as a TypeScript module, each by an encoder of its own. Type ids
// depend on what was encoded before in the process, so the order here is part of the vectors.
func printVectors(w io.Writer) error {
	page, err := url.Parse("https://example.com/a?b=c")
	if err != nil {
		return err
	}
	zone := time.FixedZone("", 2*3600)
	shape := &Shape{Name: "s", Points: []Point{{1, 2}}, Inner: Point{3, 4}}
	streams := []struct {
		name   string
		values []any
	}{
		{"point", []any{Point{22, 33}}},
		{"points", []any{Point{1, -1}, Point{0, 0}, Point{1 << 40, -1 << 40}}},
		{"integers", []any{0, 7, -129, 1<<63 - 1, -1 << 63, uint(256), ^uint64(0)}},
		{"floats", []any{0.0, 17.0, -0.5, float32(0.1), 5e-324}},
		{"scalars", []any{Scalars{true, -5, 300, 17, complex(1, -2), "héllo", []byte{0, 255}}, Scalars{}}},
		{"composites", []any{Composites{[]int{0, 1}, [3]string{"a"}, map[string]int{"k": 1}, &Point{1, 0}, Point{}, map[int]bool{}}}},
		{"marshalers", []any{Marshalers{time.Date(2024, 2, 29, 12, 30, 0, 123456789, zone), big.NewInt(-1 << 40), page}}},
		{"interfaces", []any{Holder{"h", Point{5, 6}, []any{nil, 1, "two", shape}}}},
		{"embedded", []any{Derived{Base{9}, "d", 1}}},
		{"tree", []any{Tree{Label: "root", Left: &Tree{Label: "l"}, Children: []Tree{{Label: "c"}}}}},
		{"topLevel", []any{"text", []byte("bytes"), []string{"a", "b"}, map[string]int{"x": 1}, [2]bool{true, false}, true}},
	}
	fmt.Fprint(w, "// Printed by the program in conformance/peers/gob: go run . vectors\n\n")
	fmt.Fprint(w, "/** Streams that Go encoded, in hex; the values are in conformance/peers/gob/vectors.go. */\n")
	fmt.Fprint(w, "export const goVectors: Readonly<Record<string, string>> = {\n")
	for _, stream := range streams {
		var encoded bytes.Buffer
		encoder := gob.NewEncoder(&encoded)
		for _, value := range stream.values {
			if err := encoder.Encode(value); err != nil {
				return err
			}
		}
		fmt.Fprintf(w, "  %s:\n    \"%s\",\n", stream.name, hex.EncodeToString(encoded.Bytes()))
	}
	_, err = fmt.Fprint(w, "};\n")
	return err
}

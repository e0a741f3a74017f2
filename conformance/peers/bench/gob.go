package main

import (
	"bytes"
	"encoding/gob"
	"time"
)

type record struct {
	ID      uint64
	Name    string
	Score   float64
	Tags    []string
	Labels  map[string]string
	Payload []byte
}

var value = record{
	ID:      123456789,
	Name:    "a record of moderate size",
	Score:   0.75,
	Tags:    []string{"one", "two", "three", "four"},
	Labels:  map[string]string{"color": "green", "shape": "round"},
	Payload: bytes.Repeat([]byte{7}, 64),
}

// Values of one stream, after which it begins anew: types are sent once a stream.
const streamValues = 1000

func encodeStream() []byte {
	var out bytes.Buffer
	encoder := gob.NewEncoder(&out)
	for range streamValues {
		if err := encoder.Encode(&value); err != nil {
			fail(err)
		}
	}
	return out.Bytes()
}

func decodeStream(encoded []byte) {
	decoder := gob.NewDecoder(bytes.NewReader(encoded))
	for range streamValues {
		var decoded record
		if err := decoder.Decode(&decoded); err != nil {
			fail(err)
		}
	}
}

func valuesPerSecond(span time.Duration, doStream func()) float64 {
	begin := time.Now()
	streams := 0
	for time.Since(begin) < span {
		doStream()
		streams++
	}
	return float64(streams*streamValues) / time.Since(begin).Seconds()
}

func hostGob() {
	encoded := encodeStream()
	answer(map[string]measure{
		"encode": func(r request) float64 { return valuesPerSecond(r.span(), func() { encodeStream() }) },
		"decode": func(r request) float64 { return valuesPerSecond(r.span(), func() { decodeStream(encoded) }) },
	})
}

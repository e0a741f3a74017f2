package main

import (
	"encoding/gob"
	"encoding/json"
	"fmt"
	"math/big"
	"net/url"
	"reflect"
	"time"
)

// description is a type as the test describes it.
type description struct {
	Kind    string
	Fields  []field
	Key     *description
	Element *description
	Length  int
}

type field struct {
	Name string
	Type description
}

// Types that interface values hold; the test has the same under the same names.
type Point struct{ X, Y int }

type Shape struct {
	Name   string
	Points []Point
	Origin *Point
	Inner  any
}

type Celsius float64

type Tree struct {
	Label       string
	Left, Right *Tree
	Children    []Tree
	ByName      map[string]*Tree
}

func init() {
	gob.Register(Point{})
	gob.Register(&Shape{})
	gob.Register(Celsius(0))
	gob.Register(time.Time{})
	gob.Register(&big.Int{})
	gob.Register(map[string]int{})
	gob.RegisterName("tree", Tree{})
}

var named = map[string]reflect.Type{
	"bool":       reflect.TypeFor[bool](),
	"int":        reflect.TypeFor[int](),
	"int8":       reflect.TypeFor[int8](),
	"int16":      reflect.TypeFor[int16](),
	"int32":      reflect.TypeFor[int32](),
	"int64":      reflect.TypeFor[int64](),
	"uint":       reflect.TypeFor[uint](),
	"uint8":      reflect.TypeFor[uint8](),
	"uint16":     reflect.TypeFor[uint16](),
	"uint32":     reflect.TypeFor[uint32](),
	"uint64":     reflect.TypeFor[uint64](),
	"float32":    reflect.TypeFor[float32](),
	"float64":    reflect.TypeFor[float64](),
	"complex64":  reflect.TypeFor[complex64](),
	"complex128": reflect.TypeFor[complex128](),
	"string":     reflect.TypeFor[string](),
	"bytes":      reflect.TypeFor[[]byte](),
	"any":        reflect.TypeFor[any](),
	"time":       reflect.TypeFor[time.Time](),
	"bigInt":     reflect.TypeFor[*big.Int](),
	"url":        reflect.TypeFor[*url.URL](),
	"tree":       reflect.TypeFor[Tree](),
}

func (d description) build() reflect.Type {
	switch d.Kind {
	case "struct":
		fields := make([]reflect.StructField, 0, len(d.Fields))
		for _, f := range d.Fields {
			fields = append(fields, reflect.StructField{Name: f.Name, Type: f.Type.build()})
		}
		return reflect.StructOf(fields)
	case "slice":
		return reflect.SliceOf(d.Element.build())
	case "array":
		return reflect.ArrayOf(d.Length, d.Element.build())
	case "map":
		return reflect.MapOf(d.Key.build(), d.Element.build())
	case "pointer":
		return reflect.PointerTo(d.Element.build())
	}
	if t, ok := named[d.Kind]; ok {
		return t
	}
	text, _ := json.Marshal(d)
	panic(fmt.Sprintf("no such type: %s", text))
}

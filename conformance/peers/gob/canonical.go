package main

import (
	"encoding/base64"
	"fmt"
	"math"
	"math/big"
	"net/url"
	"reflect"
	"strconv"
	"time"
)

// canonical gives a value in a form that both sides can compare: numbers as text (floats by their
// bits), bytes in base64, structs as lists, maps as lists of pairs in no order. What gob cannot tell apart
// has one form: nil and empty slices and maps; in a struct's field also a nil pointer and one to a zero
// value, or nil and zero of *big.Int and *url.URL.
func canonical(v reflect.Value, isField bool) any {
	if v.Kind() == reflect.Interface {
		return canonicalInterface(v)
	}
	switch special := v.Interface().(type) {
	case time.Time:
		return canonicalTime(special)
	case *big.Int:
		if special == nil {
			return "0"
		}
		return special.String()
	case *url.URL:
		if special == nil {
			return ""
		}
		return special.String()
	}
	switch v.Kind() {
	case reflect.Bool:
		return v.Bool()
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return strconv.FormatInt(v.Int(), 10)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return strconv.FormatUint(v.Uint(), 10)
	case reflect.Float32, reflect.Float64:
		return canonicalFloat(v.Float())
	case reflect.Complex64, reflect.Complex128:
		return []any{canonicalFloat(real(v.Complex())), canonicalFloat(imag(v.Complex()))}
	case reflect.String:
		return v.String()
	case reflect.Pointer:
		if v.IsNil() || isField && omitted(v.Elem()) {
			return nil
		}
		return []any{canonical(v.Elem(), isField)}
	case reflect.Slice, reflect.Array:
		if v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8 {
			return base64.StdEncoding.EncodeToString(v.Bytes())
		}
		list := []any{}
		for i := range v.Len() {
			list = append(list, canonical(v.Index(i), false))
		}
		return list
	case reflect.Map:
		return canonicalMap(v)
	case reflect.Struct:
		list := []any{}
		for i := range v.NumField() {
			list = append(list, canonical(v.Field(i), true))
		}
		return list
	}
	panic("no form for " + v.Type().String())
}

func canonicalFloat(f float64) string {
	if math.IsNaN(f) {
		return "NaN"
	}
	return fmt.Sprintf("%016x", math.Float64bits(f))
}

func canonicalTime(t time.Time) any {
	zone := "UTC"
	if t.Location() != time.UTC {
		_, offset := t.Zone()
		zone = strconv.Itoa(offset)
	}
	return []any{strconv.FormatInt(t.Unix(), 10), strconv.Itoa(t.Nanosecond()), zone}
}

func canonicalInterface(v reflect.Value) any {
	if v.IsNil() {
		return nil
	}
	held := v.Elem()
	form := canonical(held, false)
	if held.Kind() == reflect.Pointer && held.Type() != named["bigInt"] {
		form = canonical(held.Elem(), false)
	}
	return map[string]any{"type": nameOf(held.Type()), "value": form}
}

func canonicalMap(v reflect.Value) any {
	pairs := [][]any{}
	for _, key := range v.MapKeys() {
		pairs = append(pairs, []any{canonical(key, false), canonical(v.MapIndex(key), false)})
	}
	return map[string]any{"map": pairs}
}

// Whether a struct's field of this value is not sent.
func omitted(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Struct, reflect.Array, reflect.Map:
		return false
	case reflect.Pointer:
		return v.IsNil() || v.Type() != named["bigInt"] && v.Type() != named["url"] && omitted(v.Elem())
	case reflect.Slice:
		return v.Len() == 0
	}
	return v.IsZero()
}

func nameOf(t reflect.Type) string {
	for _, entry := range registered {
		if entry.typ == t {
			return entry.name
		}
	}
	panic("not registered: " + t.String())
}

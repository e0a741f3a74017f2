package main

import (
	"math"
	"math/big"
	"math/rand"
	"net/url"
	"reflect"
	"time"
)

// What random interface values hold, and gob's names for it.
var registered = []struct {
	name string
	typ  reflect.Type
}{
	{"int", named["int"]},
	{"string", named["string"]},
	{"float64", named["float64"]},
	{"bool", named["bool"]},
	{"[]uint8", named["bytes"]},
	{"[]int", reflect.TypeFor[[]int]()},
	{"[]string", reflect.TypeFor[[]string]()},
	{"complex64", named["complex64"]},
	{"uint16", named["uint16"]},
	{"map[string]int", reflect.TypeFor[map[string]int]()},
	{"main.Point", reflect.TypeFor[Point]()},
	{"*main.Shape", reflect.TypeFor[*Shape]()},
	{"main.Celsius", reflect.TypeFor[Celsius]()},
	{"time.Time", named["time"]},
	{"*big.Int", named["bigInt"]},
	{"tree", named["tree"]},
}

const maxDepth = 5

var words = []string{"", "a", "gob", "Zürich", "日本語", "\x00\x7f", "a longer string that is past the short path of the reader"}

// fill makes a random value. Pointers are nil only where gob can say so: in fields of structs.
func fill(r *rand.Rand, v reflect.Value, depth int) {
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(randomTime(r)))
		return
	case *big.Int:
		v.Set(reflect.ValueOf(randomBig(r)))
		return
	case *url.URL:
		u, err := url.Parse("https://user@example.com:8443/a%20b?q=" + words[1+r.Intn(3)])
		if err != nil {
			panic(err)
		}
		v.Set(reflect.ValueOf(u))
		return
	}
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(r.Intn(2) == 0)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(int64(r.Uint64()) >> (64 - v.Type().Bits()) >> r.Intn(v.Type().Bits()))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(r.Uint64() >> (64 - v.Type().Bits()) >> r.Intn(v.Type().Bits()))
	case reflect.Float32, reflect.Float64:
		v.SetFloat(randomFloat(r, v.Type().Bits()))
	case reflect.Complex64, reflect.Complex128:
		bits := v.Type().Bits() / 2
		v.SetComplex(complex(randomFloat(r, bits), randomFloat(r, bits)))
	case reflect.String:
		v.SetString(words[r.Intn(len(words))])
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(r, v.Elem(), depth+1)
	case reflect.Interface:
		fillInterface(r, v, depth)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), length(r, depth), 10))
		fillList(r, v, depth)
	case reflect.Array:
		fillList(r, v, depth)
	case reflect.Map:
		fillMap(r, v, depth)
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Field(i).Kind() != reflect.Pointer || depth <= maxDepth && r.Intn(4) > 0 {
				fill(r, v.Field(i), depth+1)
			}
		}
	}
}

func length(r *rand.Rand, depth int) int {
	if depth > maxDepth {
		return 0
	}
	return r.Intn(4)
}

func fillList(r *rand.Rand, v reflect.Value, depth int) {
	for i := range v.Len() {
		fill(r, v.Index(i), depth+1)
	}
}

func fillMap(r *rand.Rand, v reflect.Value, depth int) {
	v.Set(reflect.MakeMap(v.Type()))
	for range length(r, depth) {
		key, element := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(r, key, depth+1)
		fill(r, element, depth+1)
		v.SetMapIndex(key, element)
	}
}

func fillInterface(r *rand.Rand, v reflect.Value, depth int) {
	if r.Intn(5) == 0 || depth > maxDepth {
		return
	}
	value := reflect.New(registered[r.Intn(len(registered))].typ).Elem()
	fill(r, value, depth+1)
	v.Set(value)
}

func randomFloat(r *rand.Rand, bits int) float64 {
	choices := []float64{0, 1, -1.5, 1e30, math.Inf(1), r.NormFloat64(), float64(r.Int31())}
	f := choices[r.Intn(len(choices))]
	if bits == 32 {
		return float64(float32(f))
	}
	return f
}

func randomTime(r *rand.Rand) time.Time {
	t := time.Unix(r.Int63n(1<<40)-1<<39, r.Int63n(1e9)).UTC()
	switch r.Intn(3) {
	case 0:
		return t.In(time.FixedZone("", (r.Intn(1600)-800)*60+7200))
	case 1:
		// With seconds, as before standard time; Go itself reads such zones west of UTC wrongly.
		return t.In(time.FixedZone("", 3600+r.Intn(3000)))
	}
	return t
}

func randomBig(r *rand.Rand) *big.Int {
	n := new(big.Int).Rand(r, new(big.Int).Lsh(big.NewInt(1), uint(r.Intn(300))))
	if r.Intn(2) == 0 {
		n.Neg(n)
	}
	return n
}

package main

import (
	"bytes"
	"context"
	"fmt"
	"net/rpc"
)

func (h *host) operate(_ context.Context, r request) (interface{}, error) {
	switch r.Op {
	case "sum", "count", "upload", "download":
		return h.work(r)
	default:
		return h.probe(r)
	}
}

func (h *host) work(r request) (interface{}, error) {
	raw, err := h.dispense("workshop")
	if err != nil {
		return nil, err
	}
	workshop := raw.(*workshopClient)
	switch r.Op {
	case "sum":
		return workshop.sum(r.Numbers)
	case "count":
		return workshop.count(r.Size, r.Numbers)
	case "upload":
		return workshop.upload(r.Size)
	default:
		return workshop.download(r.Text, r.Size)
	}
}

func (h *host) probe(r request) (interface{}, error) {
	raw, err := h.dispense("probe")
	if err != nil {
		return nil, err
	}
	probe := raw.(*rpc.Client)
	switch r.Op {
	case "do":
		var answer string
		err := probe.Call("Plugin.Do", r.Text, &answer)
		return answer, err
	case "echo":
		sent := bytes.Repeat([]byte(r.Text), r.Size)
		var echoed []byte
		err := probe.Call("Plugin.Echo", sent, &echoed)
		return bytes.Equal(sent, echoed), err
	case "any":
		var sent, answer interface{} = Circle{Radius: float64(r.Size)}, nil
		err := probe.Call("Plugin.Any", &sent, &answer)
		return fmt.Sprintf("%T %v", answer, answer), err
	case "redraw":
		sent := Drawing{Title: r.Text, Shapes: []Shape{Circle{1}, &Square{2}}}
		var redrawn Drawing
		err := probe.Call("Plugin.Redraw", sent, &redrawn)
		text := redrawn.Title
		for _, shape := range redrawn.Shapes {
			text += fmt.Sprintf(" %T:%v", shape, shape.Area())
		}
		return text, err
	case "fail":
		var outcome Outcome
		err := probe.Call("Plugin.Fail", r.Text, &outcome)
		return fmt.Sprintf("%T %v / %v", outcome.Failure, outcome.Failure, outcome.Basic), err
	case "call":
		var nothing struct{}
		return nil, probe.Call(r.Text, 1, &nothing)
	default:
		return nil, fmt.Errorf("no operation %q", r.Op)
	}
}

package main

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/go-plugin/examples/grpc/shared"
	"google.golang.org/grpc/status"
)

func (h *host) answer(r request) response {
	ctx := context.Background()
	if r.TimeoutMS > 0 {
		limited, cancel := context.WithTimeout(ctx, time.Duration(r.TimeoutMS)*time.Millisecond)
		defer cancel()
		ctx = limited
	}
	result, err := h.perform(ctx, r)
	if err != nil {
		return response{ID: r.ID, Error: err.Error(), Status: status.Code(err).String()}
	}
	return response{ID: r.ID, Result: result}
}

func (h *host) perform(ctx context.Context, r request) (interface{}, error) {
	switch r.Op {
	case "start":
		return h.start()
	case "reattach":
		return h.reattachConfig()
	case "ping":
		protocol, err := h.client.Client()
		if err != nil {
			return nil, err
		}
		return "pong", protocol.Ping()
	case "kill":
		h.client.Kill()
		return h.client.Exited(), nil
	case "exited":
		return h.client.Exited(), nil
	case "stdout":
		return h.stdout.String(), nil
	case "stderr":
		return h.stderr.String(), nil
	case "put", "get":
		return h.keyValue(r)
	default:
		return h.probe(ctx, r)
	}
}

func (h *host) start() (interface{}, error) {
	if _, err := h.client.Client(); err != nil {
		return nil, err
	}
	reattach := h.client.ReattachConfig()
	return map[string]interface{}{
		"protocol": h.client.Protocol(),
		"version":  h.client.NegotiatedVersion(),
		"network":  reattach.Addr.Network(),
		"pid":      reattach.Pid,
	}, nil
}

func (h *host) dispense(name string) (interface{}, error) {
	protocol, err := h.client.Client()
	if err != nil {
		return nil, err
	}
	return protocol.Dispense(name)
}

func (h *host) keyValue(r request) (interface{}, error) {
	raw, err := h.dispense("kv_grpc")
	if err != nil {
		return nil, err
	}
	store := raw.(shared.KV)
	if r.Op == "put" {
		return nil, store.Put(r.Text, r.Bytes)
	}
	return store.Get(r.Text)
}

func (h *host) probe(ctx context.Context, r request) (interface{}, error) {
	raw, err := h.dispense("probe")
	if err != nil {
		return nil, err
	}
	probe := raw.(*probeClient)
	switch r.Op {
	case "echo":
		return probe.echo(ctx, r.Bytes)
	case "do":
		return probe.do(ctx, r.Text)
	case "count":
		return probe.count(ctx, r.Numbers[0])
	case "sum":
		return probe.sum(ctx, r.Numbers)
	case "call-back", "dial-offer", "dial", "bytes":
		return probe.brokered(ctx, r)
	case "chat":
		return probe.chat(ctx, r.Lines)
	default:
		return nil, fmt.Errorf("no operation %q", r.Op)
	}
}

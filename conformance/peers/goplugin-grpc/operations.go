package main

import (
	"context"
	"fmt"

	"github.com/hashicorp/go-plugin/examples/grpc/shared"
	"google.golang.org/grpc/metadata"
)

func (h *host) operate(ctx context.Context, r request) (interface{}, error) {
	if r.Op == "put" || r.Op == "get" {
		return h.keyValue(r)
	}
	raw, err := h.dispense("probe")
	if err != nil {
		return nil, err
	}
	probe := raw.(*probeClient)
	switch r.Op {
	case "echo":
		return probe.echo(ctx, r.Bytes)
	case "echo-metadata":
		return probe.echoMetadata(metadata.NewOutgoingContext(ctx, metadata.New(r.Metadata)))
	case "do":
		return probe.do(ctx, r.Text)
	case "count":
		return probe.count(ctx, uint32(r.Numbers[0]))
	case "sum":
		return probe.sum(ctx, r.Numbers)
	case "chat":
		return probe.chat(ctx, r.Lines)
	case "call-back", "dial-offer", "dial", "bytes":
		return probe.brokered(ctx, r)
	default:
		return nil, fmt.Errorf("no operation %q", r.Op)
	}
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

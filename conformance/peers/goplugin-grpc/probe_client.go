package main

import (
	"context"
	"io"

	"github.com/golang/protobuf/ptypes/wrappers"
	"github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
)

type probeClient struct {
	conn   *grpc.ClientConn
	broker *plugin.GRPCBroker
}

func (c *probeClient) echo(ctx context.Context, value []byte) ([]byte, error) {
	reply := new(wrappers.BytesValue)
	err := c.conn.Invoke(ctx, "/"+probeName+"/Echo", &wrappers.BytesValue{Value: value}, reply)
	return reply.Value, err
}

// The headers and trailers that came back for the metadata that ctx sends.
func (c *probeClient) echoMetadata(ctx context.Context) ([]metadata.MD, error) {
	var headers, trailers metadata.MD
	err := c.conn.Invoke(ctx, "/"+probeName+"/Echo", new(wrappers.BytesValue), new(wrappers.BytesValue),
		grpc.Header(&headers), grpc.Trailer(&trailers))
	return []metadata.MD{headers, trailers}, err
}

func (c *probeClient) do(ctx context.Context, line string) (string, error) {
	reply := new(wrappers.StringValue)
	err := c.conn.Invoke(ctx, "/"+probeName+"/Do", &wrappers.StringValue{Value: line}, reply)
	return reply.Value, err
}

func (c *probeClient) count(ctx context.Context, upTo uint32) ([]uint32, error) {
	stream, err := c.stream(ctx, "Count", grpc.StreamDesc{ServerStreams: true})
	if err != nil {
		return nil, err
	}
	if err := stream.SendMsg(&wrappers.UInt32Value{Value: upTo}); err != nil {
		return nil, err
	}
	if err := stream.CloseSend(); err != nil {
		return nil, err
	}
	numbers := []uint32{}
	for {
		item := new(wrappers.UInt32Value)
		switch err := stream.RecvMsg(item); err {
		case nil:
			numbers = append(numbers, item.Value)
		case io.EOF:
			return numbers, nil
		default:
			return numbers, err
		}
	}
}

func (c *probeClient) sum(ctx context.Context, numbers []int) (uint64, error) {
	stream, err := c.stream(ctx, "Sum", grpc.StreamDesc{ClientStreams: true})
	if err != nil {
		return 0, err
	}
	for _, number := range numbers {
		if err := stream.SendMsg(&wrappers.UInt32Value{Value: uint32(number)}); err != nil {
			return 0, err
		}
	}
	if err := stream.CloseSend(); err != nil {
		return 0, err
	}
	total := new(wrappers.UInt64Value)
	err = stream.RecvMsg(total)
	return total.Value, err
}

// Says one line at a time, each after the answer to the one before.
func (c *probeClient) chat(ctx context.Context, lines []string) ([]string, error) {
	stream, err := c.stream(ctx, "Chat", grpc.StreamDesc{ServerStreams: true, ClientStreams: true})
	if err != nil {
		return nil, err
	}
	answers := []string{}
	for _, line := range lines {
		if err := stream.SendMsg(&wrappers.StringValue{Value: line}); err != nil {
			return answers, err
		}
		answer := new(wrappers.StringValue)
		if err := stream.RecvMsg(answer); err != nil {
			return answers, err
		}
		answers = append(answers, answer.Value)
	}
	if err := stream.CloseSend(); err != nil {
		return answers, err
	}
	if err := stream.RecvMsg(new(wrappers.StringValue)); err != io.EOF {
		return answers, err
	}
	return answers, nil
}

func (c *probeClient) stream(ctx context.Context, method string, desc grpc.StreamDesc) (grpc.ClientStream, error) {
	desc.StreamName = method
	return c.conn.NewStream(ctx, &desc, "/"+probeName+"/"+method)
}

package main

import (
	"context"

	"github.com/golang/protobuf/ptypes/wrappers"
	"github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"
)

// conformance/drawbar/proto/probe.proto, written by hand: generated code of today does not compile against the
// gRPC and protobuf of 2020 that go-plugin 1.4 stands on.
const probeName = "drawbar.conformance.Probe"

type probePlugin struct{ plugin.NetRPCUnsupportedPlugin }

func (*probePlugin) GRPCServer(broker *plugin.GRPCBroker, server *grpc.Server) error {
	server.RegisterService(&probeDesc, &probeServer{broker})
	return nil
}

func (*probePlugin) GRPCClient(_ context.Context, broker *plugin.GRPCBroker, conn *grpc.ClientConn) (interface{}, error) {
	return &probeClient{conn, broker}, nil
}

var probeDesc = grpc.ServiceDesc{
	ServiceName: probeName,
	HandlerType: (*interface{})(nil),
	Methods: []grpc.MethodDesc{
		{MethodName: "Echo", Handler: handleEcho},
		{MethodName: "Do", Handler: handleDo},
	},
	Streams: []grpc.StreamDesc{
		{StreamName: "Count", Handler: handleCount, ServerStreams: true},
		{StreamName: "Sum", Handler: handleSum, ClientStreams: true},
		{StreamName: "Chat", Handler: handleChat, ServerStreams: true, ClientStreams: true},
	},
}

type unaryHandler = func(interface{}, context.Context, func(interface{}) error, grpc.UnaryServerInterceptor) (interface{}, error)

var handleEcho unaryHandler = func(_ interface{}, ctx context.Context, decode func(interface{}) error, _ grpc.UnaryServerInterceptor) (interface{}, error) {
	request := new(wrappers.BytesValue)
	if err := decode(request); err != nil {
		return nil, err
	}
	return echo(ctx, request)
}

var handleDo unaryHandler = func(server interface{}, ctx context.Context, decode func(interface{}) error, _ grpc.UnaryServerInterceptor) (interface{}, error) {
	request := new(wrappers.StringValue)
	if err := decode(request); err != nil {
		return nil, err
	}
	answer, err := server.(*probeServer).do(ctx, request.Value)
	return &wrappers.StringValue{Value: answer}, err
}

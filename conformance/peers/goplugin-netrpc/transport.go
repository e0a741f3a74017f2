package main

import (
	"encoding/gob"

	"github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"
)

const transport = plugin.ProtocolNetRPC

// None: a plugin without it speaks net/rpc.
var grpcServer func([]grpc.ServerOption) *grpc.Server

func pluginSet() plugin.PluginSet {
	return plugin.PluginSet{"probe": &probePlugin{}, "workshop": &workshopPlugin{}}
}

func registerTypes() {
	gob.Register(Circle{})
	gob.Register(&Square{})
	gob.Register(&CodeError{})
	gob.Register(&plugin.BasicError{})
}

func requestMux(*plugin.ClientConfig) {
	fail("net/rpc needs no multiplexing: it has one connection only")
}

func statusOf(error) string { return "" }

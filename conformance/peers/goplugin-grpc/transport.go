package main

import (
	"fmt"
	"os"

	"github.com/hashicorp/go-plugin"
	"github.com/hashicorp/go-plugin/examples/grpc/shared"
	"google.golang.org/grpc/status"
)

const transport = plugin.ProtocolGRPC

var grpcServer = plugin.DefaultGRPCServer

func pluginSet() plugin.PluginSet {
	return plugin.PluginSet{
		"kv_grpc": &shared.KVGRPCPlugin{Impl: fileStore{}},
		"probe":   &probePlugin{},
	}
}

func registerTypes() {}

func statusOf(err error) string { return status.Code(err).String() }

// The key/value store of go-plugin's example: a file kv_KEY in the working folder.
type fileStore struct{}

func (fileStore) Put(key string, value []byte) error {
	text := fmt.Sprintf("%s\n\nWritten from go-plugin %s", value, pluginVersion)
	return os.WriteFile("kv_"+key, []byte(text), 0o644)
}

func (fileStore) Get(key string) ([]byte, error) {
	return os.ReadFile("kv_" + key)
}

package main

import (
	"fmt"
	"os"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"github.com/hashicorp/go-plugin/examples/grpc/shared"
)

var logger = hclog.New(&hclog.LoggerOptions{Level: hclog.Trace, Output: os.Stderr, JSONFormat: true})

func servePlugin(o options) {
	config := &plugin.ServeConfig{
		HandshakeConfig: shared.Handshake,
		GRPCServer:      plugin.DefaultGRPCServer,
		Logger:          logger,
	}
	if sets := o.versionedPlugins(); sets != nil {
		config.VersionedPlugins = sets
	} else {
		config.Plugins = pluginSet()
	}
	if o.test {
		configs := make(chan *plugin.ReattachConfig, 1)
		go printReattach(configs)
		config.Test = &plugin.ServeTestConfig{ReattachConfigCh: configs}
	}
	plugin.Serve(config)
}

// The key/value store of go-plugin's example: a file kv_KEY in the working folder.
type fileStore struct{}

func (fileStore) Put(key string, value []byte) error {
	text := fmt.Sprintf("%s\n\nWritten from go-plugin %s", value, pluginVersion)
	return os.WriteFile("kv_"+key, []byte(text), 0o644)
}

func (fileStore) Get(key string) ([]byte, error) {
	return os.ReadFile("kv_" + key)
}

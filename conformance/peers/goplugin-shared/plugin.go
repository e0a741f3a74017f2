package main

import (
	"crypto/tls"
	"os"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
)

var handshake = plugin.HandshakeConfig{
	ProtocolVersion:  1,
	MagicCookieKey:   "BASIC_PLUGIN",
	MagicCookieValue: "hello",
}

var logger = hclog.New(&hclog.LoggerOptions{Level: hclog.Trace, Output: os.Stderr, JSONFormat: true})

func servePlugin(o options) {
	config := &plugin.ServeConfig{HandshakeConfig: handshake, GRPCServer: grpcServer, Logger: logger}
	if sets := o.versionedPlugins(); sets != nil {
		config.VersionedPlugins = sets
	} else {
		config.Plugins = pluginSet()
	}
	if o.tls != "" {
		config.TLSProvider = func() (*tls.Config, error) { return o.tlsConfig(), nil }
	}
	if o.test {
		serveInTestMode(config)
	}
	plugin.Serve(config)
}

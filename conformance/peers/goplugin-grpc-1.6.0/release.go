package main

import "github.com/hashicorp/go-plugin"

const pluginVersion = "1.6.0"

func requestMux(config *plugin.ClientConfig) {
	config.GRPCBrokerMultiplex = true
}

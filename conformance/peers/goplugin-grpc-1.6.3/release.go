package main

import "github.com/hashicorp/go-plugin"

const pluginVersion = "1.6.3"

func requestMux(config *plugin.ClientConfig) {
	config.GRPCBrokerMultiplex = true
}

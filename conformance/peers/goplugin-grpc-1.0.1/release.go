package main

import "github.com/hashicorp/go-plugin"

const pluginVersion = "1.0.1"

func requestMux(*plugin.ClientConfig) {
	fail("go-plugin %s has no broker multiplexing", pluginVersion)
}

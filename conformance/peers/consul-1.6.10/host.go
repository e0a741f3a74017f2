package main

import (
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"time"

	"github.com/hashicorp/consul/agent/connect/ca"
	caplugin "github.com/hashicorp/consul/agent/connect/ca/plugin"
	hclog "github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
)

// command is one line on stdin: a method of the provider, or "Sign" with repeat for a measurement.
type command struct {
	Method          string                 `json:"method"`
	ClusterID       string                 `json:"cluster_id"`
	IsRoot          bool                   `json:"is_root"`
	Config          map[string]interface{} `json:"config"`
	IntermediatePEM string                 `json:"intermediate_pem"`
	RootPEM         string                 `json:"root_pem"`
	PEM             string                 `json:"pem"`
	Repeat          int                    `json:"repeat"`
}

// reply is one line on stdout; seconds is how long the calls took.
type reply struct {
	Result  string  `json:"result"`
	Error   string  `json:"error,omitempty"`
	Seconds float64 `json:"seconds"`
}

func host(transport string, argv []string) {
	config := caplugin.ClientConfig()
	config.Cmd = exec.Command(argv[0], argv[1:]...)
	config.Logger = hclog.New(&hclog.LoggerOptions{Level: hclog.Warn, Output: os.Stderr})
	if transport == "grpc" {
		config.AllowedProtocols = []plugin.Protocol{plugin.ProtocolGRPC}
	}
	client := plugin.NewClient(config)
	defer client.Kill()
	provider, err := dispense(client)
	if err != nil {
		client.Kill()
		log.Fatal(err)
	}
	replies := json.NewEncoder(os.Stdout)
	replies.Encode(reply{Result: "ready"})
	for commands := json.NewDecoder(os.Stdin); ; {
		var next command
		if err := commands.Decode(&next); err == io.EOF {
			return
		} else if err != nil {
			client.Kill()
			log.Fatal(err)
		}
		replies.Encode(carryOut(provider, next))
	}
}

func dispense(client *plugin.Client) (ca.Provider, error) {
	protocol, err := client.Client()
	if err != nil {
		return nil, err
	}
	raw, err := protocol.Dispense(caplugin.Name)
	if err != nil {
		return nil, err
	}
	return raw.(ca.Provider), nil
}

func carryOut(provider ca.Provider, c command) reply {
	started := time.Now()
	var result string
	var err error
	for done := 0; err == nil && (done == 0 || done < c.Repeat); done++ {
		result, err = call(provider, c)
	}
	answer := reply{Result: result, Seconds: time.Since(started).Seconds()}
	if err != nil {
		answer.Error = err.Error()
	}
	return answer
}

func call(provider ca.Provider, c command) (string, error) {
	switch c.Method {
	case "Configure":
		return "", provider.Configure(c.ClusterID, c.IsRoot, c.Config)
	case "GenerateRoot":
		return "", provider.GenerateRoot()
	case "ActiveRoot":
		return provider.ActiveRoot()
	case "GenerateIntermediateCSR":
		return provider.GenerateIntermediateCSR()
	case "SetIntermediate":
		return "", provider.SetIntermediate(c.IntermediatePEM, c.RootPEM)
	case "ActiveIntermediate":
		return provider.ActiveIntermediate()
	case "GenerateIntermediate":
		return provider.GenerateIntermediate()
	case "Cleanup":
		return "", provider.Cleanup()
	}
	block, _ := pem.Decode([]byte(c.PEM))
	if block == nil {
		return "", errors.New("host: pem holds no PEM block")
	}
	if c.Method == "CrossSignCA" {
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return "", err
		}
		return provider.CrossSignCA(certificate)
	}
	csr, err := x509.ParseCertificateRequest(block.Bytes)
	if err != nil {
		return "", err
	}
	switch c.Method {
	case "Sign":
		return provider.Sign(csr)
	case "SignIntermediate":
		return provider.SignIntermediate(csr)
	}
	return "", fmt.Errorf("host: unknown method %q", c.Method)
}

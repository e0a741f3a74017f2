package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"

	"github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"
)

// The words of Do that go through the broker; the same on the plugin's side in TypeScript.
func doBrokered(ctx context.Context, broker *plugin.GRPCBroker, word, rest string) (string, error) {
	switch word {
	case "call-back": // ID TEXT: has TEXT echoed by the Probe that the other side serves on ID
		number, text, _ := strings.Cut(rest, " ")
		id, err := strconv.ParseUint(number, 10, 32)
		if err != nil {
			return "", err
		}
		return echoThrough(ctx, broker, uint32(id), text)
	case "offer": // serves a Probe, and answers with its number
		id := broker.NextId()
		go broker.AcceptAndServe(id, newProbeServer(broker))
		return strconv.FormatUint(uint64(id), 10), nil
	case "offer-bytes": // accepts one connection, gives back what it gets, and answers with its number
		id := broker.NextId()
		listener, err := broker.Accept(id)
		if err != nil {
			return "", err
		}
		go echoBytes(listener)
		return strconv.FormatUint(uint64(id), 10), nil
	default:
		return "", errUnknownWord
	}
}

// Set at the start: a served Probe serves further ones, which Go takes for a cycle of initialisation.
var registerProbe func(*grpc.Server, *probeServer)

func init() {
	registerProbe = func(server *grpc.Server, probe *probeServer) { server.RegisterService(&probeDesc, probe) }
}

var errUnknownWord = errors.New("unknown word")

func echoThrough(ctx context.Context, broker *plugin.GRPCBroker, id uint32, text string) (string, error) {
	conn, err := broker.Dial(id)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	value, err := (&probeClient{conn: conn}).echo(ctx, []byte(text))
	return string(value), err
}

func newProbeServer(broker *plugin.GRPCBroker) func([]grpc.ServerOption) *grpc.Server {
	return func(options []grpc.ServerOption) *grpc.Server {
		server := grpc.NewServer(options...)
		registerProbe(server, &probeServer{broker})
		return server
	}
}

func echoBytes(listener net.Listener) {
	defer listener.Close()
	conn, err := listener.Accept()
	if err != nil {
		logger.Warn("nobody came for the bytes", "error", err.Error())
		return
	}
	defer conn.Close()
	if _, err := io.Copy(conn, conn); err != nil {
		logger.Warn("the bytes ended", "error", err.Error())
	}
}

// The operations of a host that go through the broker.
func (c *probeClient) brokered(ctx context.Context, r request) (interface{}, error) {
	id := c.broker.NextId()
	switch r.Op {
	case "call-back": // the plugin calls a Probe of this host
		servers := make(chan *grpc.Server, 1)
		make := newProbeServer(c.broker)
		go c.broker.AcceptAndServe(id, func(options []grpc.ServerOption) *grpc.Server {
			server := make(options)
			servers <- server
			return server
		})
		server := <-servers
		defer server.Stop()
		return c.do(ctx, fmt.Sprintf("call-back %d %s", id, r.Text))
	case "dial-offer": // this host calls a Probe that the plugin offers in its answer
		answer, err := c.do(ctx, "offer")
		if err != nil {
			return nil, err
		}
		offered, err := strconv.ParseUint(answer, 10, 32)
		if err != nil {
			return nil, err
		}
		return echoThrough(ctx, c.broker, uint32(offered), r.Text)
	case "dial": // a number that the plugin does not offer
		return echoThrough(ctx, c.broker, uint32(r.Numbers[0]), r.Text)
	default: // "bytes": the plugin sends TEXT here and gets it back
		listener, err := c.broker.Accept(id)
		if err != nil {
			return nil, err
		}
		go echoBytes(listener)
		return c.do(ctx, fmt.Sprintf("dial-bytes %d %s", id, r.Text))
	}
}

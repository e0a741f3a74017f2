package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/golang/protobuf/ptypes/wrappers"
	"github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

type probeServer struct{ broker *plugin.GRPCBroker }

// Gives back the request, and every metadata key that starts with "echo-" as a header and a trailer.
func echo(ctx context.Context, request *wrappers.BytesValue) (*wrappers.BytesValue, error) {
	incoming, _ := metadata.FromIncomingContext(ctx)
	outgoing := metadata.MD{}
	for key, values := range incoming {
		if strings.HasPrefix(key, "echo-") {
			outgoing[key] = values
		}
	}
	if err := grpc.SetHeader(ctx, outgoing); err != nil {
		return nil, err
	}
	return request, grpc.SetTrailer(ctx, outgoing)
}

// Does what the first word says with the rest of the line.
func (s *probeServer) do(ctx context.Context, line string) (string, error) {
	word, rest, _ := strings.Cut(line, " ")
	switch word {
	case "fail": // CODE MESSAGE
		code, message, _ := strings.Cut(rest, " ")
		number, err := strconv.Atoi(code)
		if err != nil {
			return "", err
		}
		return "", status.Error(codes.Code(number), message)
	case "error": // an error without a status
		return "", fmt.Errorf("%s", rest)
	case "panic":
		// In a goroutine of its own, where nothing recovers it.
		go panic(rest)
		select {}
	case "exit":
		code, _ := strconv.Atoi(rest)
		os.Exit(code)
	case "stdout":
		fmt.Println(rest)
	case "stderr":
		fmt.Fprintln(os.Stderr, rest)
	case "warn":
		logger.Warn(rest, "from", "probe", "number", 7)
	case "env":
		return os.Getenv(rest), nil
	case "sleep": // milliseconds, or until cancelled
		ms, _ := strconv.Atoi(rest)
		select {
		case <-time.After(time.Duration(ms) * time.Millisecond):
		case <-ctx.Done():
			logger.Info("cancelled", "error", ctx.Err().Error())
			// Without a status of its own: gRPC of 2018 does not make one of it.
			return "", ctx.Err()
		}
	default:
		answer, err := doBrokered(ctx, s.broker, word, rest)
		if err == errUnknownWord {
			return "", status.Errorf(codes.InvalidArgument, "cannot do %q", word)
		}
		return answer, err
	}
	return "done", nil
}

func handleCount(_ interface{}, stream grpc.ServerStream) error {
	request := new(wrappers.UInt32Value)
	if err := stream.RecvMsg(request); err != nil {
		return err
	}
	for n := uint32(1); n <= request.Value; n++ {
		if err := stream.SendMsg(&wrappers.UInt32Value{Value: n}); err != nil {
			return err
		}
	}
	return nil
}

func handleSum(_ interface{}, stream grpc.ServerStream) error {
	sum := uint64(0)
	for {
		item := new(wrappers.UInt32Value)
		switch err := stream.RecvMsg(item); err {
		case nil:
			sum += uint64(item.Value)
		case io.EOF:
			return stream.SendMsg(&wrappers.UInt64Value{Value: sum})
		default:
			return err
		}
	}
}

func handleChat(_ interface{}, stream grpc.ServerStream) error {
	for {
		line := new(wrappers.StringValue)
		switch err := stream.RecvMsg(line); err {
		case nil:
		case io.EOF:
			return nil
		default:
			return err
		}
		if err := stream.SendMsg(&wrappers.StringValue{Value: strings.ToUpper(line.Value)}); err != nil {
			return err
		}
	}
}

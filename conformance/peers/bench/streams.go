package main

import (
	"context"
	"io"
	"time"

	"github.com/hashicorp/go-plugin"
	"github.com/hashicorp/go-plugin/examples/streaming/proto"
	"google.golang.org/grpc"
)

const (
	streamerName    = "streamer"
	chunksPerStream = 512
)

var chunk = make([]byte, 64*1024)

// streamerPlugin carries streams of 64 KiB messages in both directions.
type streamerPlugin struct {
	plugin.NetRPCUnsupportedPlugin
}

func (*streamerPlugin) GRPCServer(_ *plugin.GRPCBroker, s *grpc.Server) error {
	proto.RegisterStreamerServiceServer(s, &streamerServer{})
	return nil
}

func (*streamerPlugin) GRPCClient(_ context.Context, _ *plugin.GRPCBroker, c *grpc.ClientConn) (any, error) {
	return &streams{proto.NewStreamerServiceClient(c)}, nil
}

type streamerServer struct {
	proto.UnimplementedStreamerServiceServer
}

func (*streamerServer) Read(_ *proto.Read_Request, stream proto.StreamerService_ReadServer) error {
	for range chunksPerStream {
		if err := stream.Send(&proto.Read_ResponseChunk{ReadBytes: chunk}); err != nil {
			return err
		}
	}
	return nil
}

func (*streamerServer) Write(stream proto.StreamerService_WriteServer) error {
	for {
		if _, err := stream.Recv(); err == io.EOF {
			return stream.SendAndClose(&proto.Write_Response{})
		} else if err != nil {
			return err
		}
	}
}

type streams struct {
	client proto.StreamerServiceClient
}

func (s *streams) read() int {
	stream, err := s.client.Read(context.Background(), &proto.Read_Request{})
	if err != nil {
		fail(err)
	}
	bytes := 0
	for {
		message, err := stream.Recv()
		if err == io.EOF {
			return bytes
		}
		if err != nil {
			fail(err)
		}
		bytes += len(message.ReadBytes)
	}
}

func (s *streams) write() int {
	stream, err := s.client.Write(context.Background())
	if err != nil {
		fail(err)
	}
	for range chunksPerStream {
		if err := stream.Send(&proto.Write_RequestChunk{BytesToWrite: chunk}); err != nil {
			fail(err)
		}
	}
	if _, err := stream.CloseAndRecv(); err != nil {
		fail(err)
	}
	return len(chunk) * chunksPerStream
}

func megabytesPerSecond(transfer func() int, span time.Duration) float64 {
	begin := time.Now()
	bytes := 0
	for bytes == 0 || time.Since(begin) < span {
		bytes += transfer()
	}
	return float64(bytes) / 1e6 / time.Since(begin).Seconds()
}

// Command grpc-reflect is grpc-go's side of tests that its interop programs do not cover: reflection as
// grpcurl uses it, health, and gzip.
//
//	grpc-reflect list ADDRESS VERSION            names of the services, one a line
//	grpc-reflect call ADDRESS VERSION METHOD JSON   calls METHOD by descriptors that it asks for; prints JSON
//	grpc-reflect health ADDRESS SERVICE          status by Check, by List and first of Watch, one a line
//	grpc-reflect gzip ADDRESS                    a compressed unary call; prints the reply's size and encoding
//	grpc-reflect serve                           TestService with gzip; prints its address, ends with its input
//
// VERSION is v1 or v1alpha.
package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"sort"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/encoding/gzip"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/interop"
	"google.golang.org/grpc/interop/grpc_testing"
	v1 "google.golang.org/grpc/reflection/grpc_reflection_v1"
	v1alpha "google.golang.org/grpc/reflection/grpc_reflection_v1alpha"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) > 0 && args[0] == "serve" {
		return serve()
	}
	if len(args) < 2 {
		return fmt.Errorf("usage: see the head of main.go")
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	conn, err := grpc.NewClient("passthrough:///"+args[1], grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer conn.Close()
	switch {
	case args[0] == "list" && len(args) == 3:
		return list(ctx, conn, args[2])
	case args[0] == "call" && len(args) == 5:
		return call(ctx, conn, args[2], args[3], args[4])
	case args[0] == "health" && len(args) == 3:
		return health(ctx, conn, args[2])
	case args[0] == "gzip" && len(args) == 2:
		return compressed(ctx, conn)
	}
	return fmt.Errorf("usage: see the head of main.go")
}

// asker sends one question and returns the answer; both versions have the same messages on the wire.
type asker func(*v1.ServerReflectionRequest) (*v1.ServerReflectionResponse, error)

func open(ctx context.Context, conn *grpc.ClientConn, version string) (asker, error) {
	if version == "v1" {
		stream, err := v1.NewServerReflectionClient(conn).ServerReflectionInfo(ctx)
		return func(question *v1.ServerReflectionRequest) (*v1.ServerReflectionResponse, error) {
			if err := stream.Send(question); err != nil {
				return nil, err
			}
			return stream.Recv()
		}, err
	}
	stream, err := v1alpha.NewServerReflectionClient(conn).ServerReflectionInfo(ctx)
	return func(question *v1.ServerReflectionRequest) (*v1.ServerReflectionResponse, error) {
		old, answer := &v1alpha.ServerReflectionRequest{}, &v1.ServerReflectionResponse{}
		if err := convert(question, old); err != nil {
			return nil, err
		}
		if err := stream.Send(old); err != nil {
			return nil, err
		}
		reply, err := stream.Recv()
		if err != nil {
			return nil, err
		}
		return answer, convert(reply, answer)
	}, err
}

func convert(from, to proto.Message) error {
	bytes, err := proto.Marshal(from)
	if err != nil {
		return err
	}
	return proto.Unmarshal(bytes, to)
}

func list(ctx context.Context, conn *grpc.ClientConn, version string) error {
	ask, err := open(ctx, conn, version)
	if err != nil {
		return err
	}
	answer, err := ask(&v1.ServerReflectionRequest{
		MessageRequest: &v1.ServerReflectionRequest_ListServices{ListServices: "*"},
	})
	if err != nil {
		return err
	}
	for _, service := range answer.GetListServicesResponse().GetService() {
		fmt.Println(service.GetName())
	}
	return nil
}

func call(ctx context.Context, conn *grpc.ClientConn, version, method, json string) error {
	ask, err := open(ctx, conn, version)
	if err != nil {
		return err
	}
	service, name, found := strings.Cut(method, "/")
	if !found {
		return fmt.Errorf("method %q is not Service/Method", method)
	}
	answer, err := ask(&v1.ServerReflectionRequest{
		MessageRequest: &v1.ServerReflectionRequest_FileContainingSymbol{FileContainingSymbol: service},
	})
	if err != nil {
		return err
	}
	if failure := answer.GetErrorResponse(); failure != nil {
		return fmt.Errorf("%d %s", failure.GetErrorCode(), failure.GetErrorMessage())
	}
	set, err := complete(ask, answer)
	if err != nil {
		return err
	}
	files, err := protodesc.NewFiles(set)
	if err != nil {
		return err
	}
	symbol, err := files.FindDescriptorByName(protoreflect.FullName(service))
	if err != nil {
		return err
	}
	desc := symbol.(protoreflect.ServiceDescriptor).Methods().ByName(protoreflect.Name(name))
	request, reply := dynamicpb.NewMessage(desc.Input()), dynamicpb.NewMessage(desc.Output())
	if err := protojson.Unmarshal([]byte(json), request); err != nil {
		return err
	}
	if err := conn.Invoke(ctx, "/"+method, request, reply); err != nil {
		return err
	}
	fmt.Println(protojson.MarshalOptions{}.Format(reply))
	return nil
}

// complete asks for whatever the files so far import, until nothing is missing.
func complete(ask asker, first *v1.ServerReflectionResponse) (*descriptorpb.FileDescriptorSet, error) {
	set, known := &descriptorpb.FileDescriptorSet{}, map[string]bool{}
	add := func(answer *v1.ServerReflectionResponse) error {
		for _, bytes := range answer.GetFileDescriptorResponse().GetFileDescriptorProto() {
			file := &descriptorpb.FileDescriptorProto{}
			if err := proto.Unmarshal(bytes, file); err != nil {
				return err
			}
			if !known[file.GetName()] {
				known[file.GetName()] = true
				set.File = append(set.File, file)
			}
		}
		return nil
	}
	if err := add(first); err != nil {
		return nil, err
	}
	for i := 0; i < len(set.File); i++ {
		for _, name := range set.File[i].GetDependency() {
			if known[name] {
				continue
			}
			answer, err := ask(&v1.ServerReflectionRequest{
				MessageRequest: &v1.ServerReflectionRequest_FileByFilename{FileByFilename: name},
			})
			if err != nil {
				return nil, err
			}
			if err := add(answer); err != nil {
				return nil, err
			}
		}
	}
	return set, nil
}

func health(ctx context.Context, conn *grpc.ClientConn, service string) error {
	client, request := grpc_health_v1.NewHealthClient(conn), &grpc_health_v1.HealthCheckRequest{Service: service}
	checked, err := client.Check(ctx, request)
	if err != nil {
		return err
	}
	fmt.Println("check", checked.GetStatus())
	listed, err := client.List(ctx, &grpc_health_v1.HealthListRequest{})
	if err != nil {
		return err
	}
	names := []string{}
	for name, status := range listed.GetStatuses() {
		names = append(names, fmt.Sprintf("list %q %v", name, status.GetStatus()))
	}
	sort.Strings(names)
	fmt.Println(strings.Join(names, "\n"))
	stream, err := client.Watch(ctx, request)
	if err != nil {
		return err
	}
	watched, err := stream.Recv()
	if err != nil {
		return err
	}
	fmt.Println("watch", watched.GetStatus())
	return nil
}

func compressed(ctx context.Context, conn *grpc.ClientConn) error {
	request := &grpc_testing.SimpleRequest{
		ResponseSize: 314159,
		Payload:      &grpc_testing.Payload{Body: make([]byte, 271828)},
	}
	client := grpc_testing.NewTestServiceClient(conn)
	reply, err := client.UnaryCall(ctx, request, grpc.UseCompressor(gzip.Name))
	if err != nil {
		return err
	}
	fmt.Println("reply", len(reply.GetPayload().GetBody()))
	return nil
}

func serve() error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := grpc.NewServer()
	grpc_testing.RegisterTestServiceServer(server, interop.NewTestServer())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		server.Stop()
	}()
	fmt.Println(listener.Addr())
	return server.Serve(listener)
}

package main

import (
	"io"
	"net/rpc"
	"strings"

	"github.com/hashicorp/go-plugin"
)

// The services of examples/netrpc-args: arguments and results that are services or streams themselves.

type SumArgs struct {
	Numbers []int
	Adder   uint32
}

type AddArgs struct{ A, B int }

type DownloadArgs struct {
	Text   string
	Times  int
	Stream uint32
}

type workshopPlugin struct{}

func (*workshopPlugin) Server(broker *plugin.MuxBroker) (interface{}, error) {
	return &workshopServer{broker}, nil
}

func (*workshopPlugin) Client(broker *plugin.MuxBroker, client *rpc.Client) (interface{}, error) {
	return &workshopClient{broker, client}, nil
}

type workshopServer struct{ broker *plugin.MuxBroker }

// Sum adds with the caller's adder, which it serves on a connection of its own.
func (s *workshopServer) Sum(args SumArgs, total *int) error {
	conn, err := s.broker.Dial(args.Adder)
	if err != nil {
		return err
	}
	adder := rpc.NewClient(conn)
	defer adder.Close()
	for _, number := range args.Numbers {
		if err := adder.Call("Plugin.Add", AddArgs{*total, number}, total); err != nil {
			return err
		}
	}
	return nil
}

// NewCounter gives a counter, served on a connection of its own.
func (s *workshopServer) NewCounter(start int, id *uint32) error {
	*id = s.broker.NextId()
	go s.broker.AcceptAndServe(*id, &counter{start})
	return nil
}

// Upload counts the bytes of a stream that the caller writes.
func (s *workshopServer) Upload(stream uint32, count *int) error {
	conn, err := s.broker.Dial(stream)
	if err != nil {
		return err
	}
	defer conn.Close()
	copied, err := io.Copy(io.Discard, conn)
	*count = int(copied)
	return err
}

// Download writes a text some times into a stream that the caller reads.
func (s *workshopServer) Download(args DownloadArgs, _ *struct{}) error {
	conn, err := s.broker.Dial(args.Stream)
	if err != nil {
		return err
	}
	defer conn.Close()
	for i := 0; i < args.Times; i++ {
		if _, err := io.WriteString(conn, args.Text); err != nil {
			return err
		}
	}
	return nil
}

type counter struct{ value int }

func (c *counter) Add(step int, value *int) error {
	c.value += step
	*value = c.value
	return nil
}

type adder struct{}

func (adder) Add(args AddArgs, sum *int) error {
	*sum = args.A + args.B
	return nil
}

type workshopClient struct {
	broker *plugin.MuxBroker
	client *rpc.Client
}

func (c *workshopClient) sum(numbers []int) (total int, err error) {
	id := c.broker.NextId()
	go c.broker.AcceptAndServe(id, adder{})
	err = c.client.Call("Plugin.Sum", SumArgs{numbers, id}, &total)
	return total, err
}

// Counts with a counter of the plugin's; the value after each step.
func (c *workshopClient) count(start int, steps []int) ([]int, error) {
	var id uint32
	if err := c.client.Call("Plugin.NewCounter", start, &id); err != nil {
		return nil, err
	}
	conn, err := c.broker.Dial(id)
	if err != nil {
		return nil, err
	}
	remote := rpc.NewClient(conn)
	defer remote.Close()
	values := []int{}
	for _, step := range steps {
		var value int
		if err := remote.Call("Plugin.Add", step, &value); err != nil {
			return nil, err
		}
		values = append(values, value)
	}
	return values, nil
}

func (c *workshopClient) upload(size int) (count int, err error) {
	id := c.broker.NextId()
	written := make(chan error, 1)
	go func() {
		conn, err := c.broker.Accept(id)
		if err == nil {
			_, err = io.CopyN(conn, strings.NewReader(strings.Repeat("u", size)), int64(size))
			conn.Close()
		}
		written <- err
	}()
	if err = c.client.Call("Plugin.Upload", id, &count); err != nil {
		return 0, err
	}
	return count, <-written
}

func (c *workshopClient) download(text string, times int) (int, error) {
	id := c.broker.NextId()
	read := make(chan int64, 1)
	go func() {
		count := int64(0)
		if conn, err := c.broker.Accept(id); err == nil {
			count, _ = io.Copy(io.Discard, conn)
			conn.Close()
		}
		read <- count
	}()
	var nothing struct{}
	if err := c.client.Call("Plugin.Download", DownloadArgs{text, times, id}, &nothing); err != nil {
		return 0, err
	}
	return int(<-read), nil
}

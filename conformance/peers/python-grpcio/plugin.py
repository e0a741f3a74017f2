"""The key/value plugin of go-plugin's examples/grpc in Python, on grpcio: a third implementation.

It listens on TCP, prints the five-field handshake line without a certificate, and serves health, the
controller and stdio as go-plugin's guide for plugins in other languages asks.
"""

import os
import sys
import threading
from concurrent import futures

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc

from messages import KV, PLUGIN


def get(request, context):
    try:
        with open("kv_" + request.key, "rb") as file:
            return KV["GetResponse"](value=file.read())
    except FileNotFoundError as error:
        context.abort(grpc.StatusCode.NOT_FOUND, f"no key {request.key}: {error.strerror}")


def put(request, _context):
    with open("kv_" + request.key, "wb") as file:
        file.write(request.value + b"\n\nWritten from grpcio " + grpc.__version__.encode())
    return KV["Empty"]()


def stream_stdio(_request, context):
    """Two lines, then open until the host goes."""
    yield PLUGIN["StdioData"](channel=1, data=b"python's stdout\n")
    yield PLUGIN["StdioData"](channel=2, data=b"python's stderr\n")
    ended = threading.Event()
    context.add_callback(ended.set)
    ended.wait()


def unary(function, request, response):
    return grpc.unary_unary_rpc_method_handler(function, request.FromString, response.SerializeToString)


def handlers(stopping):
    def shutdown(_request, _context):
        stopping.set()
        return PLUGIN["Empty"]()

    stdio = grpc.unary_stream_rpc_method_handler(
        stream_stdio, PLUGIN["Empty"].FromString, PLUGIN["StdioData"].SerializeToString
    )
    return [
        grpc.method_handlers_generic_handler(
            "proto.KV",
            {
                "Get": unary(get, KV["GetRequest"], KV["GetResponse"]),
                "Put": unary(put, KV["PutRequest"], KV["Empty"]),
            },
        ),
        grpc.method_handlers_generic_handler(
            "plugin.GRPCController", {"Shutdown": unary(shutdown, PLUGIN["Empty"], PLUGIN["Empty"])}
        ),
        grpc.method_handlers_generic_handler("plugin.GRPCStdio", {"StreamStdio": stdio}),
    ]


def main():
    if os.environ.get("BASIC_PLUGIN") != "hello":
        sys.exit("this program is a plugin: a host has to launch it")
    stopping = threading.Event()
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=8))
    server.add_generic_rpc_handlers(handlers(stopping))
    servicer = health.HealthServicer()
    servicer.set("plugin", health_pb2.HealthCheckResponse.SERVING)
    health_pb2_grpc.add_HealthServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(f"1|1|tcp|127.0.0.1:{port}|grpc", flush=True)
    print("python plugin is up", file=sys.stderr, flush=True)
    stopping.wait()
    server.stop(grace=0.5).wait()


if __name__ == "__main__":
    main()

"""The messages of the services in plugin.py, declared without a protobuf compiler."""

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

_TYPES = {
    "string": descriptor_pb2.FieldDescriptorProto.TYPE_STRING,
    "bytes": descriptor_pb2.FieldDescriptorProto.TYPE_BYTES,
    "int32": descriptor_pb2.FieldDescriptorProto.TYPE_INT32,
}


def _declare(package, messages):
    """Message classes by name; each message is given as {field: type}, numbered from 1."""
    pool = descriptor_pool.DescriptorPool()
    file = descriptor_pb2.FileDescriptorProto(name=f"{package}.proto", package=package, syntax="proto3")
    for name, fields in messages.items():
        message = file.message_type.add(name=name)
        for number, (field, kind) in enumerate(fields.items(), start=1):
            message.field.add(
                name=field,
                number=number,
                type=_TYPES[kind],
                label=descriptor_pb2.FieldDescriptorProto.LABEL_OPTIONAL,
            )
    pool.Add(file)
    find = pool.FindMessageTypeByName
    return {name: message_factory.GetMessageClass(find(f"{package}.{name}")) for name in messages}


KV = _declare(
    "proto",
    {
        "GetRequest": {"key": "string"},
        "GetResponse": {"value": "bytes"},
        "PutRequest": {"key": "string", "value": "bytes"},
        "Empty": {},
    },
)

# StdioData's channel is an enum, which is an int32 on the wire.
PLUGIN = _declare("plugin", {"Empty": {}, "StdioData": {"channel": "int32", "data": "bytes"}})

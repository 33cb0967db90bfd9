"""Message classes from a FileDescriptorSet: what a client has that was built without generated code."""

from google.protobuf import descriptor_pb2
from google.protobuf import descriptor_pool
from google.protobuf import json_format
from google.protobuf import message_factory


class Schema:
    """The messages of a descriptor set by full name. In JSON, fields have the names of the .proto files."""

    def __init__(self, path):
        files = descriptor_pb2.FileDescriptorSet()
        with open(path, "rb") as file:
            files.ParseFromString(file.read())
        self._pool = descriptor_pool.DescriptorPool()
        self._factory = message_factory.MessageFactory(self._pool)
        by_name = {file.name: file for file in files.file}
        added = set()
        for name in by_name:
            self._add(name, by_name, added)

    def _add(self, name, by_name, added):
        """A file after all that it imports."""
        if name in added:
            return
        added.add(name)
        for dependency in by_name[name].dependency:
            self._add(dependency, by_name, added)
        self._pool.Add(by_name[name])

    def message(self, full_name):
        """The class of a message."""
        return self._factory.GetPrototype(self._pool.FindMessageTypeByName(full_name))

    def method(self, service, method):
        """Classes of a method's request and response."""
        found = self._pool.FindServiceByName(service).FindMethodByName(method)
        return self.message(found.input_type.full_name), self.message(found.output_type.full_name)

    def from_dict(self, value, message_class):
        """A message of the JSON value."""
        return json_format.ParseDict(value, message_class(), descriptor_pool=self._pool)

    def to_dict(self, message):
        """The JSON value of a message."""
        return json_format.MessageToDict(message, preserving_proto_field_name=True, descriptor_pool=self._pool)

    def detail(self, type_name, value):
        """One detail of a google.rpc.Status: (full name, JSON value)."""
        return type_name, self.to_dict(self.message(type_name).FromString(value))

    def status(self, packed):
        """A serialised google.rpc.Status: code, message, its details as `detail` gives them."""
        status = self.message("google.rpc.Status").FromString(packed)
        details = [self.detail(each.type_url.rpartition("/")[2], each.value) for each in status.details]
        return status.code, status.message, details

"""Client of carouseld, the service of one disc-archive robot."""

from carousel_client.client import Client, Credentials
from carousel_client.errors import CarouselError
from carousel_client.operation import Operation

__all__ = ["CarouselError", "Client", "Credentials", "Operation"]

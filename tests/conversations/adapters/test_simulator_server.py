"""The server of the simulated providers, whatever those who ask it do."""

import socket
import struct
import threading

import pytest

from conversations.adapters.line.simulator.api import LineSimulator
from conversations.adapters.simulation.wire import Answer
from conversations.simulators.server import make_server

_NO_LINGER = struct.pack("ii", 1, 0)  # closing is a reset, as a browser's may be


@pytest.fixture
def leave_before(monkeypatch):
    """Ask for an answer that is made once one has left."""

    def asking(answer):
        has_come, has_left = threading.Event(), threading.Event()

        def slow(_simulator, _request):
            has_come.set()
            assert has_left.wait(10)
            return answer()

        monkeypatch.setattr(LineSimulator, "answer", slow)
        server = make_server({"line": LineSimulator(list)})
        server.daemon_threads = False  # closing waits for them
        serving = threading.Thread(target=server.serve_forever, args=(0.05,))
        serving.start()
        with socket.create_connection(server.server_address) as one:
            one.sendall(b"GET /line/v2/bot/info HTTP/1.1\r\nHost: x\r\n\r\n")
            assert has_come.wait(10)
            one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        has_left.set()
        server.shutdown()
        server.server_close()
        serving.join()

    return asking


def test_who_leaves_before_the_answer_is_no_error(leave_before, capsys):
    leave_before(lambda: Answer(b"x" * 1_000_000))
    assert capsys.readouterr().err == ""


def test_what_breaks_in_a_simulator_is_still_told(leave_before, capsys):
    leave_before(lambda: {}["nothing"])
    assert "KeyError" in capsys.readouterr().err

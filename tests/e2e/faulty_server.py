"""An HTTP server on 127.0.0.1 that serves bytes, or misbehaves on purpose."""

import http.server
import threading


class FaultyServer:
    """Used as a context manager: `with FaultyServer() as server: server.serve("/a.ts", data)`."""

    def __enter__(self):
        self._routes = {}
        self._stop = threading.Event()
        self.requests = []
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                owner.requests.append(self.path)
                route = owner._routes.get(self.path.split("?")[0])
                if route is None:
                    self.send_error(404)
                    return
                try:
                    route(self)
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True

            def log_message(self, *args):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()
        return self

    def __exit__(self, *error):
        self._stop.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def url(self, path):
        return f"http://127.0.0.1:{self._server.server_port}{path}"

    def serve(self, path, body, content_type="application/octet-stream"):
        self.stall(path, body, after=len(body), content_type=content_type)

    def stall(self, path, body, after, content_type="application/octet-stream"):
        """Promises all of `body`, sends the first `after` bytes and then nothing more."""

        def route(handler):
            start, status = 0, 200
            wanted = handler.headers.get("Range")
            if wanted:
                start, status = int(wanted.removeprefix("bytes=").split("-")[0]), 206
            handler.send_response(status)
            handler.send_header("Content-Type", content_type)
            handler.send_header("Content-Length", str(len(body) - start))
            if wanted:
                handler.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
            handler.end_headers()
            handler.wfile.write(body[start:after])
            handler.wfile.flush()
            if after < len(body):
                self._stop.wait()
                handler.close_connection = True

        self._routes[path] = route

    def never_answer(self, path):
        """Takes the request and says nothing."""

        def route(handler):
            self._stop.wait()
            handler.close_connection = True

        self._routes[path] = route

    def redirect(self, path, location):
        def route(handler):
            handler.send_response(302)
            handler.send_header("Location", location)
            handler.send_header("Content-Length", "0")
            handler.end_headers()

        self._routes[path] = route

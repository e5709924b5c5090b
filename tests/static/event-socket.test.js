// A run's events arrive once and in order, however often the connection is lost.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { EventSocket } from "../../static/src/event-socket.js";

class FakeSocket {
  static made = [];

  constructor(address) {
    this.address = new URL(address);
    FakeSocket.made.push(this);
  }

  close() {
    this.closed = true;
  }

  onmessage(_event) {}

  send(events) {
    this.onmessage({ data: JSON.stringify(events) });
  }
}

let taken;
let socket;

beforeEach(() => {
  vi.useFakeTimers();
  FakeSocket.made = [];
  vi.stubGlobal("WebSocket", FakeSocket);
  taken = [];
  socket = new EventSocket("/ws/runs/7", (event) => taken.push(event.id));
});

afterEach(() => {
  socket.close();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const newest = () => FakeSocket.made.at(-1);

it("begins at the first event", () => {
  expect(newest().address.searchParams.get("after")).toBe("0-0");
  expect(newest().address.protocol).toBe("ws:");
});

it("drops what it has seen, within a millisecond too", () => {
  newest().send([{ id: "5-0" }, { id: "5-1" }, { id: "5-0" }, { id: "4-9" }, { id: "10-0" }]);
  expect(taken).toEqual(["5-0", "5-1", "10-0"]);
});

it("asks for what came after the last id once it is back", () => {
  newest().send([{ id: "5-1" }]);
  newest().onclose({ code: 1006 });
  vi.advanceTimersByTime(200);
  expect(FakeSocket.made).toHaveLength(2);
  expect(newest().address.searchParams.get("after")).toBe("5-1");
});

it("waits longer each time, at most five seconds", () => {
  for (const delay of [200, 400, 800, 1600, 3200, 5000, 5000]) {
    const before = FakeSocket.made.length;
    newest().onclose({ code: 1006 });
    vi.advanceTimersByTime(delay - 1);
    expect(FakeSocket.made).toHaveLength(before);
    vi.advanceTimersByTime(1);
    expect(FakeSocket.made).toHaveLength(before + 1);
  }
});

it("does not come back once the run is over", () => {
  newest().onclose({ code: 1000 });
  vi.advanceTimersByTime(60_000);
  expect(FakeSocket.made).toHaveLength(1);
});

it("opens anew at once when the network is back", () => {
  window.dispatchEvent(new Event("online"));
  expect(FakeSocket.made).toHaveLength(2);
  expect(FakeSocket.made[0].closed).toBe(true);
});

it("gives up where no socket ever opens, and not after one did", () => {
  socket.close();
  const giveUp = vi.fn();
  socket = new EventSocket("/ws/runs/7", () => {}, giveUp);
  for (let tries = 0; tries < 2; tries++) {
    newest().onclose({ code: 1006 });
    vi.advanceTimersByTime(5000);
  }
  expect(giveUp).not.toHaveBeenCalled();
  newest().onclose({ code: 1006 });
  expect(giveUp).toHaveBeenCalledOnce();

  const opened = vi.fn();
  socket = new EventSocket("/ws/runs/7", () => {}, opened);
  newest().onopen();
  for (let tries = 0; tries < 9; tries++) {
    newest().onclose({ code: 1006 });
    vi.advanceTimersByTime(5000);
  }
  expect(opened).not.toHaveBeenCalled();
});

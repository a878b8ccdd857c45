import assert from "node:assert/strict";
import { test } from "node:test";
import { Frames } from "../api/frames";

const STREAM = "retry: 3000\n\n: ping\n\nevent: grant.reserved\nid: 7\ndata: {\"a\":\ndata: 1}\n\nid: 8\ndata: x\r\n\r\n";

test("frames are the same however the stream is cut", () => {
  const whole = new Frames().read(STREAM);
  const cut = new Frames();
  const letters = [...STREAM].flatMap((letter) => cut.read(letter));

  assert.deepEqual(whole, [
    { event: "grant.reserved", id: "7", data: '{"a":\n1}' },
    { event: "message", id: "8", data: "x" },
  ]);
  assert.deepEqual(letters, whole);
});

test("a frame that is not complete is not told", () => {
  const frames = new Frames();

  assert.deepEqual(frames.read("id: 9\ndata: half\n"), []);
  assert.equal(frames.read("\n")[0]?.data, "half");
});

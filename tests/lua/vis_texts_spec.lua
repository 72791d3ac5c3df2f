-- How long vis works on a text whenever a window is drawn.

local texts = require "postil.vis.texts"

describe("work on a text of vis", function()
  local clock, now, pieces
  local state = { worked = 0, text = {} }

  before_each(function()
    clock, now, pieces = os.clock, 100, 0
    rawset(os, "clock", function() return now end)
    function state.text.step()
      pieces, now = pieces + 1, now + 0.004
      return pieces == 9, {}
    end
  end)
  after_each(function() rawset(os, "clock", clock) end)

  it("ends in time", function()
    assert.is_false(texts.work(state, 15))
    assert.equal(3, pieces)
  end)

  it("goes on to the end if there is time", function()
    assert.is_true(texts.work(state, math.huge))
    assert.equal(9, pieces)
  end)

  it("is done a little at least", function()
    assert.is_false(texts.work(state, 0))
    assert.equal(1, pieces)
  end)
end)

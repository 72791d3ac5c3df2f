-- Tables whose rows become terms: formats, bad rows, large ones and their cache, on every Lua.

local postil = require "postil"

local home -- a folder of this file's tests, with a cache in it

local function write(name, text)
  local file = assert(io.open(home .. "/" .. name, "wb"))
  file:write(text)
  file:close()
end

local function read(name)
  local file = assert(io.open(name, "rb"))
  local text = file:read "*a"
  file:close()
  return text
end

-- A set of a rule text that lies in the folder, or nil and the words.
local function load(rules)
  write("a.lua", rules)
  return postil.load(home .. "/a.lua")
end

-- All tags of a text as "text label attribute=value ..." by line.
local function tags(set, text)
  local lines = {}
  local doc = assert(set:tag(text))
  for tag in doc:each() do
    local line = { tag.text, tag.label }
    for _, attr in ipairs(doc:attrs(tag)) do
      line[#line + 1] = attr.name .. "=" .. tostring(attr.value)
    end
    lines[#lines + 1] = table.concat(line, " ")
  end
  return lines
end

local function found(rules, text) return tags(assert(load(rules)), text) end

-- The messages of a load that fails, without the place of the statement.
local function words(rules)
  local set, message, errors = load(rules)
  assert.is_nil(set)
  local lines = {}
  for _, e in ipairs(errors) do lines[#lines + 1] = (e.message:gsub("^in %S+: ", "")) end
  assert.is_string(message)
  return lines
end

-- The names of the files in the cache.
local function cached()
  local list = {}
  local pipe = assert(io.popen("ls -A " .. home .. "/cache 2>/dev/null"))
  for name in pipe:lines() do list[#list + 1] = name end
  pipe:close()
  return list
end

-- Rows that make a table a large one, with `more` at the end.
local function large(more)
  local rows = { "name\tkey" }
  for i = 1, 16000 do rows[#rows + 1] = ("Filler%d Word%d\tkey%d"):format(i, i % 7, i) end
  rows[#rows + 1] = more
  return table.concat(rows, "\n") .. "\n"
end

-- Numbers that the seed alone decides, from 1 to n.
local seed = 7
local function below(n)
  seed = (seed * 16807) % 2147483647
  return seed % n + 1
end

local PIECES = { "a", "b,", '"', '""', "\n", "\r\n", " ", "-", "#", "\\", "\t", "\195\169",
  "\240\159\152\128", "{", "}", "1", "0.5e3", ":", "null", "true", "\\u0041", "\255", '","', '":"' }

local function random_text(most)
  local parts = {}
  for i = 1, below(most) do parts[i] = PIECES[below(#PIECES)] end
  return table.concat(parts)
end

local function as_csv(text) return '"' .. text:gsub('"', '""') .. '"' end

local function as_json(text)
  return '"' .. text:gsub('[%c"\\]', function(c) return ("\\u%04x"):format(c:byte()) end) .. '"'
end

describe("a table", function()
  local before

  before_each(function()
    home = os.tmpname()
    os.remove(home)
    assert(os.execute("mkdir " .. home))
    before = postil.cache
    postil.cache = home .. "/cache"
  end)

  after_each(function()
    postil.cache = before
    os.execute("rm -rf " .. home)
  end)

  describe("of tabs", function()
    it("has remarks, blank lines, a byte order mark and ends of Windows", function()
      write("t.tsv", "\239\187\191# what it is\r\n\r\nname\tis\tkind\r\n# more\r\nAcme\tAcme Corp\tfirm" ..
        "\r\n\r\nZoo\t-\r\nInc \"x\"\t\tno quoting here")
      assert.same({ "Acme org is=Acme Corp kind=firm", "Zoo org" },
        found('tag.org { file = "t.tsv" }', "Acme and the Zoo"))
      assert.same({ 'Inc "x" org kind=no quoting here' }, tags(assert(load
        'tag.org { file = "t" }'), 'the Inc "x"'))
    end)

    it("has its term in the column term, else name, else the first", function()
      write("t.tsv", "key\tname\tterm\n1\tAnn\tBen\n")
      assert.same({ "Ben x key=1 name=Ann" }, found('tag.x { file = "t" }', "1 Ann Ben"))
      write("t.tsv", "key\tname\n1\tAnn\n")
      assert.same({ "Ann x key=1" }, found('tag.x { file = "t" }', "1 Ann Ben"))
      write("t.tsv", "Key\tvalue\none\t1\n")
      assert.same({ "one x value=1" }, found('tag.x { file = "t" }', "one Ann"))
    end)

    it("refuses columns that cannot be attributes", function()
      write("t.tsv", "name\tFull Name\nAnn\tAnn Lee\n")
      assert.same({ "t.tsv:1: column 'Full Name' cannot be an attribute: names are a-z, 0-9, _; name it "
        .. "otherwise or use each" }, words 'tag.x { file = "t" }')
      write("t.tsv", "# ids\nname\tid\nAnn\t7\n")
      assert.same({ "t.tsv:2: column 'id' cannot be an attribute: every tag has a field of that name; "
        .. "name it otherwise or use each" }, words 'tag.x { file = "t", bad = "skip" }')
      assert.same({ "Ann x nr=7" }, found('tag.x { terms = each("t", { "$name", nr = "$id" }) }',
        "Ann"))
      write("t.tsv", "name\tkey\tkey\nAnn\t7\t8\n")
      assert.same({ "t.tsv:1: two columns are called 'key'" }, words 'tag.x { file = "t" }')
      write("t.tsv", "")
      assert.same({ "t.tsv:1: the first line must name the columns" }, words 'tag.x { file = "t" }')
    end)
  end)

  describe("of commas", function()
    it("is RFC 4180", function()
      write("t.csv", 'name,is,note\r\n# a remark\r\n"Smith, Ann",Ann,"say ""no"""\r\nBen,"",\r\n\r\n' ..
        '"New\nYork",NY,"two\r\nlines"\r\n"-",dash,-\n')
      local set = assert(load 'tag.x { file = "t.csv" }')
      assert.same({ 'Smith, Ann x is=Ann note=say "no"' }, tags(set, "Smith, Ann"))
      assert.same({ "Ben x" }, tags(set, "Ben"))
      assert.same({ "New York x is=NY note=two\r\nlines" }, tags(set, "New York"))
      assert.same({ "- x is=dash" }, tags(set, "a - b"))
    end)

    it("is found without its end, behind .tsv", function()
      write("t.csv", "name,is\nAnn,comma\n")
      assert.same({ "Ann x is=comma" }, found('tag.x { file = "t" }', "Ann"))
      write("t.tsv", "name\tis\nAnn\ttab\n")
      assert.same({ "Ann x is=tab" }, found('tag.x { file = "t" }', "Ann"))
    end)

    it("names each bad row", function()
      write("t.csv", 'name,is\nAnn\nBen,b,c\n"Cid" x,c\nD"e,d\n"Fay,f\n,none\nGus,\255\n...,\n')
      assert.same({
        "t.csv:2: fewer columns than the first line names",
        "t.csv:3: more columns than the first line names",
        "t.csv:4: column 1 goes on behind its quotation mark; a quotation mark inside is written twice",
        "t.csv:5: a quotation mark in the middle of column 1; put the column in quotation marks and " ..
          "write it twice",
        "t.csv:6: the quotation mark of column 1 is not closed",
        "t.csv:7: there is no term",
        "t.csv:8: this is not UTF-8",
      }, words 'tag.x { file = "t.csv" }')
      write("t.csv", "name,is\n \226\128\139,blank\n")
      assert.same({ "t.csv:2: a term needs a word or a mark" }, words 'tag.x { file = "t.csv" }')
      write("t.csv", 'name,is\n"' .. ("long "):rep(20000) .. '",x\n')
      assert.same({ "t.csv:2: the quotation mark of column 1 is not closed" },
        words 'tag.x { file = "t.csv" }')
      write("t.csv", "name,is\n" .. ("long "):rep(20000) .. ",x\n")
      assert.same({ "t.csv:2: a row of more than 65536 bytes" }, words 'tag.x { file = "t.csv" }')
    end)

    it("skips bad rows if asked, and says so", function()
      write("t.csv", 'name,is\nAnn\n"Ben,b\nCid,c\n,\n')
      local set = assert(load 'tag.x { file = "t.csv", bad = "skip" }')
      assert.same({ "t.csv: 3 rows skipped, the first in line 2: fewer columns than the first line names" },
        set.notes)
      assert.same({ "Cid x is=c" }, tags(set, "Ann Ben Cid"))
      assert.same({}, assert(load 'tag.x "nothing"').notes)
      write("t.csv", "name,is\nAnn\nBen,b\n")
      assert.same({ "t.csv: 1 row skipped, the first in line 2: fewer columns than the first line names" },
        assert(load 'tag.x { terms = each("t", { "$name" }), bad = "skip" }').notes)
    end)

    it("tells a hundred bad rows, not more", function()
      write("t.csv", "name,is\n" .. ("Ann\n"):rep(300))
      assert.equal(100, #words 'tag.x { file = "t" }')
    end)
  end)

  describe("of JSON lines", function()
    it("has strings, numbers and booleans", function()
      write("t.jsonl", '{"name":"Ann","is":"Ann Lee","age":-1.5e1,"big":true,"gone":null,"none":""}\n\n' ..
        ' { "age" : 7 , "name" : "B\\u00e9n \\"\\ud83d\\ude00\\"\\n" , "big" : false }\r\n{"name":"7"}')
      local set = assert(load 'tag.x { file = "t.jsonl" }')
      assert.same({ "Ann x age=-15 big=true is=Ann Lee" }, tags(set, "Ann"))
      assert.same({ 'B\195\169n "\240\159\152\128" x age=7 big=false' },
        tags(set, 'a B\195\169n "\240\159\152\128"'))
      assert.same({ "7 x" }, tags(set, "the 7"))
    end)

    it("names each bad row", function()
      write("t.jsonl", table.concat({ '{"name":"Ann"}', '["Ann"]', '{"name":"Ann"} x', '{"name":"Ann"',
        '{"name":"Ann","name":"Ben"}', '{"name":["Ann"]}', '{"name":"Ann","more":{}}', '{"is":"x"}',
        '{"name":"a\\x"}', '{"name":"\\ud800"}', '{"name":"Ann","n":01}', '{"name":"Ann","n":1e999}',
        '{"name":"Ann","n":nil}', '{"name":"Ann","Nr":1}', '{"name":"Ann","id":1}', '{"":1}',
        '{"name":"\255"}', '{name:1}', '{"name":"A\tB"}', "{}", '{"name":"Ann",}' }, "\n"))
      local list = words 'tag.x { file = "t" }'
      assert.same({
        "t.jsonl:2: this is no object of JSON", "t.jsonl:3: more behind the object",
        "t.jsonl:4: this is no object of JSON", "t.jsonl:5: the name 'name' twice",
        "t.jsonl:6: 'name' holds a list; a column holds a string, number or boolean",
        "t.jsonl:7: 'more' holds an object; a column holds a string, number or boolean",
        "t.jsonl:8: there is no term", "t.jsonl:9: a string that JSON does not know",
        "t.jsonl:10: a string that JSON does not know",
        "t.jsonl:11: the value of 'n' is none that JSON knows",
        "t.jsonl:12: the value of 'n' is none that JSON knows",
        "t.jsonl:13: the value of 'n' is none that JSON knows",
        "t.jsonl:14: column 'Nr' cannot be an attribute: names are a-z, 0-9, _; name it otherwise or "
          .. "use each",
        "t.jsonl:15: column 'id' cannot be an attribute: every tag has a field of that name; name it "
          .. "otherwise or use each",
        "t.jsonl:16: an empty name", "t.jsonl:17: this is not UTF-8",
        "t.jsonl:18: this is no object of JSON", "t.jsonl:19: a string that JSON does not know",
        "t.jsonl:20: there is no term", "t.jsonl:21: this is no object of JSON",
      }, list)
    end)

    it("has 64 names at most, in all rows together", function()
      local row = {}
      for i = 1, 63 do row[i] = ('"c%d":%d'):format(i, i) end
      write("t.jsonl", '{"name":"Ann",' .. table.concat(row, ",") .. '}\n{"name":"Ben","d":1}\n')
      assert.same({ "t.jsonl:2: more than 64 columns" }, words 'tag.x { file = "t" }')
    end)

    it("goes with each and read", function()
      write("t.jsonl", '{"a":"uno","n":2,"b":true}\n{"a":"due"}\n')
      assert.same({ "uno 2 x k=2 yes=true", "due x" }, found(
        'tag.x { terms = each("t", { "$a $n", "$a", k = "$n", yes = "$b" }) }', "uno 2 due"))
      assert.same({ "due x" }, found('tag.x { terms = each("t", { "$a" }, { a = "tre|due" }) }',
        "uno due"))
      assert.same({ "there is no column 'c'" }, { (words(
        'tag.x { terms = each("t", { "$a", k = "$c" }) }')[1]:gsub("^each: t.jsonl: ", "")) })
      assert.same({ "uno x n=2", "due x" }, found(
        'tag.x { terms = each(read "t", { "$a", n = "$n" }) }', "uno due"))
    end)
  end)

  it("gives back what was written, whatever it is", function()
    local csv, jsonl, want, terms = { "name,v" }, {}, {}, {}
    for i = 1, 300 do
      local text = random_text(8):gsub("\255", "")
      local term = "K" .. i
      csv[#csv + 1] = as_csv(term) .. "," .. as_csv(text)
      jsonl[#jsonl + 1] = '{"v":' .. as_json(text) .. ',"name":' .. as_json(term) .. "}"
      want[i] = term .. " x" .. (text ~= "" and " v=" .. text or "")
      terms[i] = term
    end
    write("t.csv", table.concat(csv, "\r\n"))
    write("u.jsonl", table.concat(jsonl, "\n"))
    assert.same(want, found('tag.x { file = "t" }', table.concat(terms, " ")))
    assert.same(want, found('tag.x { file = "u" }', table.concat(terms, " ")))
  end)

  it("may be anything at all", function()
    local ends = { "tsv", "csv", "jsonl" }
    for _ = 1, 300 do
      local tail = ends[below(3)]
      local head = tail == "jsonl" and '{"name":"Ann"}\n{"' or
        tail == "csv" and "name,is\n" or "name\tis\n"
      write("t." .. tail, head .. random_text(40))
      local set = load('tag.x { file = "t.' .. tail .. '", bad = "skip" }')
      assert.is_table(set)
      set:close()
      local strict, message = load('tag.x { file = "t.' .. tail .. '" }')
      assert.is_true(strict ~= nil or message:find("t." .. tail, 1, true) ~= nil)
      os.remove(home .. "/t." .. tail)
    end
  end)

  it("must be there, under a name without a folder", function()
    assert.same({ "there is no table t.csv beside this file or among the shipped ones" },
      words 'tag.x { file = "t.csv" }')
    for _, name in ipairs { "../t.tsv", "/etc/passwd", "a/b.csv", "..", "" } do
      local set, message = load('tag.x { file = "' .. name .. '" }')
      assert.is_nil(set)
      assert.matches("no name of a table", message)
    end
    assert.same({ "bad is \"refuse\" or \"skip\", for rows of a table, not 'maybe'" },
      words 'tag.x { "a", bad = "maybe" }')
    assert.same({ "option 'bad' is not for amend; it belongs to pin, tag, veto" },
      words 'tag.x "a" amend.x { "[<x>]", bad = "skip" }')
  end)

  describe("that is large", function()
    it("finds what a small one finds, from the first load on and from the cache", function()
      write("t.tsv", large "Acme Zoo\tfirm\nacme\tword")
      local rules = 'tag.x { file = "t" } tag.y { file = "t", case = "exact", prio = -1 }'
      local text = "Filler77 Word0, ACME ZOO and Acme Zoo, Acme; filler5 word5."
      local want = { "Filler77 Word0 x key=key77", "ACME ZOO x key=firm", "Acme Zoo x key=firm",
        "Acme x key=word" }
      for _ = 1, 2 do
        local set = assert(load(rules))
        assert.same({}, set.notes)
        assert.same(want, tags(set, text))
        assert.equal(2, #cached())
      end
      postil.cache = false
      assert.same(want, found(rules, text))
    end)

    it("is compiled anew when it, the recipe or the case is another", function()
      write("t.tsv", large "Acme\tone")
      local rules = 'tag.x { file = "t" }'
      assert.same({ "Acme x key=one" }, found(rules, "Acme"))
      assert.equal(1, #cached())
      write("t.tsv", large "Acme\ttwo")
      assert.same({ "Acme x key=two" }, found(rules, "Acme"))
      assert.equal(2, #cached())
      assert.same({ "Acme x key=two" }, found('tag.x { file = "t", case = "fold" }', "Acme"))
      assert.same({ "Acme x k=two", "Filler1 Word1 x k=key1" },
        found('tag.x { terms = each("t", { "$name", k = "$key" }) }', "Acme, Filler1 Word1"))
      assert.same({ "Acme x k=-two" }, found(
        'tag.x { terms = each("t", { "$name", k = "-$key" }, { key = "two|three" }) }',
        "Acme Filler1 Word1"))
      assert.equal(5, #cached())
    end)

    it("is compiled anew when what the cache has is damaged", function()
      write("t.tsv", large "Acme\tone")
      local rules = 'tag.x { file = "t" }'
      assert.same({ "Acme x key=one" }, found(rules, "Acme"))
      local path = home .. "/cache/" .. cached()[1]
      local good = read(path)
      local function put(bytes)
        local file = assert(io.open(path, "wb"))
        file:write(bytes)
        file:close()
      end
      local middle = math.floor(#good / 2)
      for _, bytes in ipairs { "", good:sub(1, middle), good:sub(1, -2), "x" .. good:sub(2),
        good:sub(1, middle) .. "\1\2\3" .. good:sub(middle + 4), good .. "x" } do
        put(bytes)
        local set = assert(load(rules))
        assert.same({ "Acme x key=one" }, tags(set, "Acme"))
        assert.same({}, set.notes)
        assert.same(good, read(path))
        set:close()
      end
    end)

    it("says when the cache cannot be written, and works", function()
      write("t.tsv", large "Acme\tone")
      write("file", "")
      postil.cache = home .. "/file/cache"
      local set = assert(load 'tag.x { file = "t" }')
      assert.same({ "Acme x key=one" }, tags(set, "Acme"))
      assert.equal(1, #set.notes)
      assert.matches("^t%.tsv: compiled in memory, for .*/file/cache cannot be written", set.notes[1])
    end)

    it("has bad rows like a small one, told from the cache, too", function()
      write("t.tsv", large "Acme\tone\ttoo many\nZoo\ttwo\n\tnobody")
      assert.same({ "t.tsv:16002: more columns than the first line names",
        "t.tsv:16004: there is no term" }, words 'tag.x { file = "t" }')
      assert.same({}, cached())
      for _ = 1, 2 do
        local set = assert(load 'tag.x { file = "t", bad = "skip" }')
        assert.same({ "t.tsv: 2 rows skipped, the first in line 16002: more columns than the first " ..
          "line names" }, set.notes)
        assert.same({ "Zoo x key=two" }, tags(set, "Acme Zoo"))
      end
      assert.equal(1, #cached())
    end)

    it("may be of several, with terms of the rule file beside them", function()
      write("t.tsv", large "Acme Zoo\tone")
      write("u.tsv", large "Acme Zoo Park\ttwo")
      local set = assert(load [[
        tag.x { file = "t", terms = { "Acme", { "Acme Zoo Park Gate", key = "own" } } }
        tag.y { file = "u" }
        veto.x { terms = "Filler9 Word2" }
        tag._h { file = "t" }
        tag.z { "the [<_h key=key8>] was", prio = 1 }
      ]])
      assert.same({ "Acme x", "Acme Zoo x key=one", "Acme Zoo Park y key=two",
        "Acme Zoo Park Gate x key=own" },
        tags(set, "Acme; Acme Zoo; Acme Zoo Park; Acme Zoo Park Gate"))
      assert.same({ "Filler9 Word2 y key=key9", "Filler8 Word1 z" },
        tags(set, "Filler9 Word2, the Filler8 Word1 was"))
    end)

    it("comes from postil.loader, too", function()
      local loader = postil.loader
      finally(function() postil.loader = loader end)
      postil.loader = function(name)
        if name == "postil/rules/big.csv" then
          return (large("Acme\tone"):gsub("\t", ",")), name
        end
        return loader(name)
      end
      for _ = 1, 2 do
        assert.same({ "Acme x key=one" }, tags(assert(postil.load 'tag.x { file = "big" }'), "Acme"))
      end
      assert.equal(1, #cached())
    end)

    it("is one of 64 in a rule set", function()
      write("t.tsv", large "Acme\tone")
      local statement = 'for i = 1, %d do tag["x" .. i] { file = "t" } end'
      assert.equal(64, #assert(load(statement:format(64))):labels())
      assert.same({ "t.tsv: more than 64 large tables in a rule set" }, words(statement:format(65)))
    end)

    it("can be read row by row, too", function()
      write("t.tsv", large "Acme\tone")
      assert.same({ "Acme x" }, found('tag.x { terms = { read("t")[16001].name } }', "Acme"))
    end)
  end)
end)

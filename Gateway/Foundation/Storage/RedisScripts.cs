namespace Cortex.Foundation.Storage;

/// <summary>The steps that Redis must take as one.</summary>
internal static class RedisScripts
{
    /// <summary>KEYS: key. ARGV: expected, value, lifetime in ms. 1 when replaced.</summary>
    public const string Replace = """
        if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
        redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
        return 1
        """;

    /// <summary>KEYS: key. ARGV: amount, lifetime in ms. The new count; the lifetime counts from the first increment.</summary>
    public const string Increment = """
        local count = redis.call('INCRBY', KEYS[1], ARGV[1])
        if redis.call('PTTL', KEYS[1]) < 0 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
        return count
        """;

    /// <summary>
    /// KEYS: lock, last token. ARGV: lease in ms. The fencing token as text, or nil when another holds the lock. The token is one more than
    /// the last, and never less than the server's clock in microseconds: it goes on growing although Redis lost its data.
    /// </summary>
    public const string Lock = """
        if redis.call('EXISTS', KEYS[1]) == 1 then return nil end
        local clock = redis.call('TIME')
        local token = math.max(tonumber(redis.call('GET', KEYS[2]) or '0') + 1, clock[1] * 1000000 + clock[2])
        local text = string.format('%.0f', token)
        redis.call('SET', KEYS[2], text)
        redis.call('SET', KEYS[1], text, 'PX', ARGV[1])
        return text
        """;

    /// <summary>KEYS: lock. ARGV: token, lease in ms. 1 when still held.</summary>
    public const string Extend = """
        if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
        return redis.call('PEXPIRE', KEYS[1], ARGV[2])
        """;

    /// <summary>KEYS: lock. ARGV: token. 1 when it was still held.</summary>
    public const string Release = """
        if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
        return redis.call('DEL', KEYS[1])
        """;

    /// <summary>KEYS: log. ARGV: entries to keep, number, value, lifetime in ms. The log is a stream whose ids are number-0; an entry that is there already is left as it is.</summary>
    public const string Append = """
        local added = redis.pcall('XADD', KEYS[1], 'MAXLEN', ARGV[1], ARGV[2] .. '-0', 'e', ARGV[3])
        if type(added) == 'table' and added.err then
          if string.find(added.err, 'equal or smaller', 1, true) then return 0 end
          return added
        end
        redis.call('PEXPIRE', KEYS[1], ARGV[4])
        return 1
        """;
}

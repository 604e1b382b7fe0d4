using System.Text;
using System.Text.Json;
using Cortex.Backends.Contract;
using Cortex.Cli.BackendTest.Schema;
using Cortex.Cli.BackendTest.Tokens;
using Cortex.Cli.BackendTest.Wire;
using Cortex.Cli.Findings;

namespace Cortex.Cli.BackendTest;

/// <summary>One test of one backend: how to ask it, and what is known of it so far.</summary>
internal sealed class BackendTestRun(BackendTestOptions options, BackendProbe probe, TestCallers callers, ContractSchema schema, FindingLog findings)
{
    private readonly SortedSet<string> _scopes = new(options.Scopes, StringComparer.Ordinal);

    public BackendTestOptions Options => options;

    public BackendProbe Probe => probe;

    public TestCallers Callers => callers;

    public FindingLog Findings => findings;

    /// <summary>False once it is clear that nothing else can be checked.</summary>
    public bool GoesOn { get; private set; } = true;

    /// <summary>The first answer to <c>list_tools</c>; null until it came.</summary>
    public ProbeReply.Answered? FirstList { get; set; }

    /// <summary>The tools that were listed and can be read.</summary>
    public IReadOnlyList<ListedTool> Tools { get; set; } = [];

    /// <summary>Every scope that the lists name, separated by spaces.</summary>
    public string Scopes => _scopes.Count == 0 ? "openid" : string.Join(' ', _scopes);

    /// <summary>A person who holds every scope.</summary>
    public ProbeCaller Person => callers.Person(Scopes);

    /// <summary>A tool or method that changes nothing and needs no arguments; null when none is known.</summary>
    public string? Harmless => Tools.FirstOrDefault(tool => tool.Name == ContractMethods.GetHelp)?.Name ?? Tools.FirstOrDefault(tool => tool is { IsReadOnly: true, Required.Count: 0 })?.Name;

    /// <summary>Notes a scope of the lists.</summary>
    public void Learn(string scope) => _scopes.Add(scope);

    /// <summary>Nothing else can be checked.</summary>
    public void Stop() => GoesOn = false;

    /// <summary>Calls a method; a call without an answer is a finding, and null.</summary>
    public async Task<ProbeReply.Answered?> AskAsync(string check, ProbeCaller caller, string method, string parameters, CancellationToken cancellationToken) =>
        Take(check, method, await probe.CallAsync(caller, method, parameters, cancellationToken));

    /// <summary>The answer; none is a finding, and null.</summary>
    public ProbeReply.Answered? Take(string check, string method, ProbeReply reply)
    {
        switch (reply)
        {
            case ProbeReply.Failed failed:
                findings.Fail(check, $"{method}: {failed.Problem}", failed.Mend);
                return null;
            case ProbeReply.Answered { IsUnicode: false }:
                findings.Fail(check, $"{method}: a text in the reply is not Unicode (half a surrogate pair)", "Cut texts between characters");
                return null;
            default:
                return (ProbeReply.Answered)reply;
        }
    }

    /// <summary>Whether an answer can be put beside those of other backends; one that is too long for that is a finding.</summary>
    public bool IsShort(string check, ProbeReply.Answered answer)
    {
        var length = Encoding.UTF8.GetByteCount(answer.Text);
        if (length <= ContractMethods.MaxSelfDescription)
            return true;
        findings.Fail(check, $"the answer has {length} bytes", $"Answer in {ContractMethods.MaxSelfDescription} bytes at most: agents read it whole");
        return false;
    }

    /// <summary>Holds a returned value against the contract's schema; each fault is a finding. True when there is none.</summary>
    /// <param name="definition">The schema's name, such as <c>whoami.reply</c>.</param>
    public bool Fits(string check, string definition, JsonElement value)
    {
        var faults = schema.Check(definition, value);
        foreach (var fault in faults)
            findings.Fail(check, ListPath.Describe(fault, value), fault.Mend ?? "See docs/backend-contract.schema.json");
        return faults.Count == 0;
    }
}

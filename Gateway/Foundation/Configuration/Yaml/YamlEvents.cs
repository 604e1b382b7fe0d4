using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Cortex.Foundation.Configuration.Yaml;

/// <summary>The events of a YAML text, with a place for every fault: the parser answers some texts with a bare exception, or points at the wrong line.</summary>
internal sealed class YamlEvents : IParser
{
    private readonly Scanner _scanner;
    private readonly Parser _parser;

    public YamlEvents(string text)
    {
        _scanner = new Scanner(new StringReader(text));
        _parser = new Parser(_scanner);
    }

    public ParsingEvent? Current => _parser.Current;

    public bool MoveNext()
    {
        try
        {
            return _parser.MoveNext();
        }
        catch (InvalidOperationException)
        {
            // What the scanner does at 'key: [a' followed by another key.
            throw At("a bracket that was opened before this place is not closed");
        }
        catch (YamlException exception) when (exception.Message.Contains("tab as indentation", StringComparison.Ordinal))
        {
            throw At("the line is indented by a tab");
        }
    }

    private YamlException At(string problem)
    {
        var place = _scanner.CurrentPosition;
        return new YamlException(place, place, problem);
    }
}

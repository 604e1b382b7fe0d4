namespace Cortex.Foundation.Configuration;

/// <summary>The configuration cannot be used; the message lists every fault, one a line.</summary>
internal sealed class ConfigurationException(IReadOnlyList<ConfigurationError> errors)
    : Exception(string.Join(Environment.NewLine, errors))
{
    public IReadOnlyList<ConfigurationError> Errors => errors;
}

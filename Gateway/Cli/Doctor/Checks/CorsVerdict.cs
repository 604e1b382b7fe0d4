namespace Cortex.Cli.Doctor.Checks;

/// <summary>Whether a browser lets a page see an answer.</summary>
internal enum CorsVerdict
{
    Allowed,

    /// <summary>The page's origin is not named.</summary>
    Refused,

    /// <summary>Several are named, which browsers take for none.</summary>
    Twice,
}

using System.Reflection;

namespace Cortex.Foundation.Model;

/// <summary>What this build calls itself.</summary>
internal static class ThisAssembly
{
    /// <summary>The product's version, for example <c>0.1.0</c>.</summary>
    public static string Version { get; } =
        typeof(ThisAssembly).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";
}

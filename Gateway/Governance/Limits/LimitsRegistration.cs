using Cortex.Foundation.Configuration;

namespace Cortex.Governance.Limits;

/// <summary>Registers the limits.</summary>
internal static class LimitsRegistration
{
    /// <summary>The root key <c>limits:</c>.</summary>
    internal static ConfigurationSection Section { get; } = new ConfigurationSection<LimitsOptions>("limits", Validate);

    internal static void AddLimits(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<SharedBuckets>();
        builder.Services.AddSingleton<LimitLeases>();
        builder.Services.AddSingleton<RateLimiter>();
    }

    private static void Validate(LimitsOptions options, SectionValidation validation)
    {
        CheckBurst("limits.requests.burst", options.Requests.Burst, validation);
        CheckBurst("limits.requests.clientBurst", options.Requests.ClientBurst, validation);
    }

    private static void CheckBurst(string path, int burst, SectionValidation validation)
    {
        if (burst is < 1 or > Foundation.Model.Allowance.Most)
            validation.Error(path, $"{burst} is out of range", $"Write 1 to {Foundation.Model.Allowance.Most}, and 'off' for the count to have no limit");
    }
}

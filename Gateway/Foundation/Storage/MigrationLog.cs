using System.Globalization;
using DbUp.Engine.Output;

namespace Cortex.Foundation.Storage;

/// <summary>Carries dbup's words into the gateway's log. Its running commentary is for debugging; the migrator itself tells what ran.</summary>
internal sealed partial class MigrationLog(ILogger logger) : IUpgradeLog
{
    public void LogTrace(string format, params object[] args) => Log.Commentary(logger, Render(format, args));

    public void LogDebug(string format, params object[] args) => Log.Commentary(logger, Render(format, args));

    public void LogInformation(string format, params object[] args) => Log.Commentary(logger, Render(format, args));

    public void LogWarning(string format, params object[] args) => Log.Warning(logger, Render(format, args));

    public void LogError(string format, params object[] args) => Log.Error(logger, null, Render(format, args));

    public void LogError(Exception ex, string format, params object[] args) => Log.Error(logger, ex, Render(format, args));

    private static string Render(string format, object[] args) =>
        args.Length == 0 ? format : string.Format(CultureInfo.InvariantCulture, format, args);

    private static partial class Log
    {
        [LoggerMessage(1105, LogLevel.Debug, "Migration: {Text}", EventName = "migration.commentary")]
        public static partial void Commentary(ILogger logger, string text);

        [LoggerMessage(1106, LogLevel.Warning, "Migration: {Text}", EventName = "migration.warning")]
        public static partial void Warning(ILogger logger, string text);

        [LoggerMessage(1107, LogLevel.Error, "Migration: {Text}", EventName = "migration.error")]
        public static partial void Error(ILogger logger, Exception? exception, string text);
    }
}

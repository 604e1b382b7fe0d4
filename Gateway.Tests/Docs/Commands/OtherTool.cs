using Cortex.Tests.Docs.Shell;

namespace Cortex.Tests.Docs.Commands;

/// <summary>
/// Tools of others, which a reader's machine may have and the tests' machine need not: that bash can read the command is all that is held. Those of the shell
/// itself are among them.
/// </summary>
internal sealed class OtherTool : ICommandRule
{
    private static readonly string[] Names =
    [
        "export", "cd", "echo", "printf", "cat", "cp", "mv", "mkdir", "rm", "chmod", "chown", "ls", "ln", "grep", "sed", "awk", "sleep", "test", "[", "set", "source", "unset", "umask", "install", "tee", "true", "jq", "sha256sum", "base64",
        "git", "openssl", "psql", "pg_dump", "pg_restore", "createdb", "redis-cli", "sqlite3", "cosign", "syft", "buildah", "nginx", "caddy", "ngrok", "cloudflared", "dig", "apt-get", "systemctl", "ss",
    ];

    public bool Takes(ShellCommand command) => Names.Contains(command.Program);

    public IEnumerable<string> Faults(ShellCommand command) => [];
}

using System.CommandLine;
using System.Security.Cryptography;
using Cortex.Cli.Completion;
using Cortex.Cli.Terminal;

namespace Cortex.Cli;

/// <summary>
/// <c>cortex integrity keygen | export | sign | verify | import</c>: baselines signed by a key that never reaches the gateway. <c>keygen</c>, <c>sign</c> and
/// <c>verify</c> need files alone; <c>export</c> and <c>import</c> use the gateway's database.
/// </summary>
internal static class IntegrityCommand
{
    public static Command Create(CommandActions actions) => new("integrity", "Sign what catalogs may hold with a key that never reaches the gateway.")
    {
        KeyGen(),
        Export(actions),
        Sign(),
        Verify(),
        Import(actions),
    };

    private static Command KeyGen()
    {
        var key = Required("--key", "FILE", "Where the private key goes; it stays with you.");
        var publicKey = Required("--public", "FILE", "Where the public key goes, for 'integrity.operatorKey'.");
        var command = new Command("keygen", "Make a key pair for signing baselines (ES256).") { key, publicKey };
        command.SetAction((parse, _) => IntegrityFiles.RunAsync(parse.InvocationConfiguration, async output =>
        {
            using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            IntegrityFiles.WriteSecret(parse.GetRequiredValue(key), pair.ExportPkcs8PrivateKeyPem() + "\n");
            IntegrityFiles.WriteNew(parse.GetRequiredValue(publicKey), pair.ExportSubjectPublicKeyInfoPem() + "\n");
            await output.WriteLineAsync($"Keep {parse.GetRequiredValue(key)} to yourself, and configure integrity.operatorKey: \"${{file:{parse.GetRequiredValue(publicKey)}}}\".");
        }));
        return command;
    }

    private static Command Export(CommandActions actions)
    {
        var config = ConfigOption.Create();
        var target = Required("--out", "FILE", "The file to make.");
        var backends = new Option<string[]>("--backend") { HelpName = "ID", Description = "Only this backend; several times for several." };
        var pending = new Option<bool>("--with-pending") { Description = "Propose what waits for approval as well." };
        var command = new Command("export", "Write what is approved, to be reviewed and signed.") { config, target, backends, pending };
        command.SetAction((parse, cancellationToken) => Refusals.PrintAsync(parse.InvocationConfiguration.Error, () => Progress.WhileAsync(parse.InvocationConfiguration.Error, () => IntegrityFiles.RunAsync(parse.InvocationConfiguration, async output =>
        {
            var file = await actions.ExportIntegrity(
                new IntegrityExportOptions(parse.GetRequiredValue(config), parse.GetValue(backends) ?? [], parse.GetValue(pending)), cancellationToken);
            IntegrityFiles.WriteNew(parse.GetRequiredValue(target), file.Write());
            await output.WriteLineAsync($"Wrote {IntegrityFiles.Describe(file)}. Review it, then sign it.");
        }))));
        BackendNames.Complete(backends, config, actions.Sections);
        return command;
    }

    private static Command Sign()
    {
        var key = Required("--key", "FILE", "Your private key, in PEM.");
        var source = Required("--in", "FILE", "The file of 'cortex integrity export'.");
        var target = Required("--out", "FILE", "The signed file to make.");
        var command = new Command("sign", "Sign baselines; needs no gateway.") { key, source, target };
        command.SetAction((parse, _) => IntegrityFiles.RunAsync(parse.InvocationConfiguration, async output =>
        {
            using var pair = IntegrityFiles.ReadPrivateKey(parse.GetRequiredValue(key));
            var file = IntegrityFiles.Read(parse.GetRequiredValue(source)).Sign(pair);
            IntegrityFiles.WriteNew(parse.GetRequiredValue(target), file.Write());
            await output.WriteLineAsync($"Signed {IntegrityFiles.Describe(file)}.");
        }));
        return command;
    }

    private static Command Verify()
    {
        var key = Required("--key", "FILE", "The public key, in PEM.");
        var source = Required("--in", "FILE", "The signed file.");
        var command = new Command("verify", "Check the signatures of a file; needs no gateway.") { key, source };
        command.SetAction((parse, _) => IntegrityFiles.RunAsync(parse.InvocationConfiguration, async output =>
        {
            var file = IntegrityFiles.Read(parse.GetRequiredValue(source));
            if (file.FindFaults(IntegrityFiles.ReadPublicKeys(parse.GetRequiredValue(key))) is [_, ..] faults)
                throw new IntegrityFileException(string.Join('\n', faults));
            await output.WriteLineAsync($"ok: {IntegrityFiles.Describe(file)}");
        }));
        return command;
    }

    private static Command Import(CommandActions actions)
    {
        var config = ConfigOption.Create();
        var source = Required("--in", "FILE", "The signed file.");
        var command = new Command("import", "Store baselines that the configured operator's key signed.") { config, source };
        command.SetAction((parse, cancellationToken) => Refusals.PrintAsync(parse.InvocationConfiguration.Error, () => Progress.WhileAsync(parse.InvocationConfiguration.Error, () => IntegrityFiles.RunAsync(parse.InvocationConfiguration, async output =>
        {
            var file = IntegrityFiles.Read(parse.GetRequiredValue(source));
            await actions.ImportIntegrity(parse.GetRequiredValue(config), file, cancellationToken);
            await output.WriteLineAsync($"Imported {IntegrityFiles.Describe(file)}.");
        }))));
        return command;
    }

    private static Option<string> Required(string name, string helpName, string description)
    {
        var option = ConfigOption.Text(name, helpName, description);
        option.Required = true;
        return option;
    }
}

namespace Cortex.Cli.Stdio.SignIn;

/// <summary>The authorization server does not know the client any more as which the bridge signed in: it has to register anew.</summary>
internal sealed class RegistrationGoneException() : Exception("The authorization server does not know this client any more.");

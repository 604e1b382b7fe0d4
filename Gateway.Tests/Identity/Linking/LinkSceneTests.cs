using Cortex.Tests.Fixtures.Linking;
using NUnit.Framework;

namespace Cortex.Tests.Identity.Linking;

/// <summary>What the tests on one <see cref="LinkScene"/> share: each begins anew, with somebody who has just signed in for the first time.</summary>
internal abstract class LinkSceneTests
{
    private int _number;

    protected LinkScene Scene { get; private set; } = null!;

    /// <summary>The browser of whoever has signed in.</summary>
    protected LinkBrowser Alice { get; private set; } = null!;

    /// <summary>Their address.</summary>
    protected string Email { get; private set; } = "";

    [OneTimeSetUp]
    public async Task StartAsync() => Scene = await LinkScene.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await Scene.DisposeAsync();

    [SetUp]
    public async Task SignInAsync()
    {
        Email = $"alice-{++_number}@example.com";
        Alice = await LinkBrowser.SignInAsync(Scene.Gateway, Email);
        Scene.Reset();
    }

    [TearDown]
    public void CloseBrowser() => Alice.Dispose();
}

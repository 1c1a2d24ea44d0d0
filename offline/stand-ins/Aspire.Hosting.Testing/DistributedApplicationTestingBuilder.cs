using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>Starts an AppHost's own entry point inside a test, up to the moment at which it builds its application.</summary>
public static class DistributedApplicationTestingBuilder
{
    /// <summary>Runs the AppHost's entry point, without arguments, until it builds its application.</summary>
    /// <typeparam name="TEntryPoint">A type of the AppHost's assembly.</typeparam>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(CancellationToken cancellationToken = default)
        where TEntryPoint : class =>
        CreateAsync(typeof(TEntryPoint), cancellationToken);

    /// <summary>Runs the AppHost's entry point, without arguments, until it builds its application.</summary>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync(Type entryPoint, CancellationToken cancellationToken = default) =>
        CreateAsync(entryPoint, [], cancellationToken);

    /// <summary>Runs the AppHost's entry point until it builds its application.</summary>
    /// <typeparam name="TEntryPoint">A type of the AppHost's assembly.</typeparam>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(
        string[] args, CancellationToken cancellationToken = default)
        where TEntryPoint : class =>
        CreateAsync(typeof(TEntryPoint), args, cancellationToken);

    /// <summary>Runs the AppHost's entry point until it builds its application.</summary>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync(
        Type entryPoint, string[] args, CancellationToken cancellationToken = default) =>
        CreateAsync(entryPoint, args, (_, _) => { }, cancellationToken);

    /// <summary>Runs the AppHost's entry point until it builds its application.</summary>
    /// <typeparam name="TEntryPoint">A type of the AppHost's assembly.</typeparam>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(
        string[] args,
        Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configureBuilder,
        CancellationToken cancellationToken = default) =>
        CreateAsync(typeof(TEntryPoint), args, configureBuilder, cancellationToken);

    /// <summary>Runs the AppHost's entry point until it builds its application, and hands out its builder.</summary>
    /// <param name="entryPoint">A type of the AppHost's assembly.</param>
    /// <param name="args">The command line, which goes before what the AppHost itself sets.</param>
    /// <param name="configureBuilder">Changes the options with which the AppHost's builder is made.</param>
    /// <param name="cancellationToken">Cancels the waiting; the AppHost is then stopped.</param>
    /// <returns>The AppHost's builder.</returns>
    /// <remarks>
    /// The environment of the first launch profile becomes configuration, unless <c>DOTNET_LAUNCH_PROFILE</c> names another one. There is
    /// no dashboard, and fixed ports become random ones, unless <paramref name="configureBuilder"/> says otherwise.
    /// </remarks>
    /// <exception cref="InvalidOperationException">There is no entry point, or it ended without building.</exception>
    public static async Task<IDistributedApplicationTestingBuilder> CreateAsync(
        Type entryPoint,
        string[] args,
        Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configureBuilder,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entryPoint);
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(configureBuilder);
        RequireNoEmptyArgument(args);

        var run = new AppHostRun(entryPoint.Assembly, args, configureBuilder);
        try
        {
            return new TestingBuilder(run, await run.StartAsync(cancellationToken));
        }
        catch
        {
            await run.DisposeAsync();
            throw;
        }
    }

    private static void RequireNoEmptyArgument(string[] args)
    {
        foreach (var argument in args)
        {
            ArgumentException.ThrowIfNullOrEmpty(argument, nameof(args));
        }
    }
}

using MediaAspire.Core.Imaging;
using MediaAspire.Worker.Imaging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace MediaAspire.Tests.Imaging;

/// <summary>The processor of a worker, with child processes of its own.</summary>
public sealed class ImagingFixture : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("mediaaspire-").FullName;
    private ServiceProvider? _services;

    internal Action<ImagingOptions> Configure { get; init; } = _ => { };

    internal IImageProcessor Processor => Services.GetRequiredService<IImageProcessor>();

    internal ImageProcessPool Pool => Services.GetRequiredService<ImageProcessPool>();

    internal IServiceProvider Services => _services ?? throw new InvalidOperationException("Not started.");

    internal string Root => _directory;

    public Task InitializeAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.AddImaging();
        builder.Services.AddMetrics().AddLogging();
        builder.Services.Configure<ImagingOptions>(options =>
        {
            options.TempDirectory = Path.Combine(_directory, "scratch");
            options.Processes = 2;
        });
        builder.Services.AddSingleton<IConfigureOptions<ImagingOptions>>(new ConfigureOptions<ImagingOptions>(Configure));
        _services = builder.Services.BuildServiceProvider();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        if (_services is not null)
        {
            await _services.DisposeAsync();
        }

        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>Names a file where the processes may read and write.</summary>
    internal string NewFile(string extension) => Services.GetRequiredService<ScratchDirectory>().NewFile(extension);

    /// <summary>Makes a variant of a file, and fails the test if it is refused.</summary>
    internal async Task<(string Path, ImageDetails Details)> TransformAsync(string source, ImageRequest request)
    {
        var destination = NewFile('.' + ImageFormats.ExtensionOf(request.Format));
        var outcome = await Processor.TransformAsync(source, destination, request, new ImageLimits(), CancellationToken.None);
        Assert.Null(outcome.Failure);
        Assert.NotNull(outcome.Value);
        return (destination, outcome.Value);
    }

    internal async Task<ImageDetails> ProbeAsync(string source)
    {
        var outcome = await Processor.ProbeAsync(source, new ImageLimits(), CancellationToken.None);
        Assert.Null(outcome.Failure);
        Assert.NotNull(outcome.Value);
        return outcome.Value;
    }
}

using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Publishing;

/// <summary>Writes the manifest when the application starts, and then stops it; nothing is run.</summary>
internal sealed class ManifestPublishingService(
    ManifestPublisher publisher, DistributedApplicationModel model, IHostApplicationLifetime lifetime, IConfiguration configuration)
    : IHostedService
{
    /// <summary>Adds the service to an application that is published.</summary>
    public static void AddTo(IServiceCollection services, DistributedApplicationExecutionContext executionContext)
    {
        if (executionContext.IsPublishMode)
        {
            services.AddSingleton<ManifestPublisher>();
            services.AddHostedService<ManifestPublishingService>();
        }
    }

    /// <exception cref="DistributedApplicationException">Another step is asked for, or the manifest cannot be written.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var step = configuration["Pipeline:Step"];
        if (!string.IsNullOrEmpty(step) && step != ManifestPublisher.StepName)
        {
            throw new DistributedApplicationException(
                $"The step '{step}' is not known. The only one that can be run here is '{ManifestPublisher.StepName}'.");
        }

        await publisher.PublishAsync(model, cancellationToken);

        // Stopping a host that is still starting would be reported as a failure to start.
        lifetime.ApplicationStarted.Register(lifetime.StopApplication);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

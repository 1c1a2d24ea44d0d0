using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace MediaAspire.Core.Jobs;

public static class JobQueueHostExtensions
{
    /// <summary>
    /// Adds <see cref="IJobQueue"/>, <see cref="IJobSource"/>, <see cref="IDeadJobs"/> and <see cref="IJobStats"/> of the provider that
    /// <c>Jobs:Provider</c> names; needs an NpgsqlDataSource and an IConnectionMultiplexer.
    /// </summary>
    public static IHostApplicationBuilder AddJobQueue(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptionsWithValidateOnStart<JobOptions, JobOptionsValidator>().BindConfiguration(JobOptions.SectionName);
        builder.Services.TryAddSingleton(TimeProvider.System);
        return builder;
    }
}

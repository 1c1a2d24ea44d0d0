using System.Reflection;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using MediaAspire.Benchmarks.Jobs;
using MediaAspire.Benchmarks.Media;
using Perfolizer.Horology;

if (args is ["jobs", .. var load])
{
    return await JobQueueLoad.RunAsync(load);
}

if (args is ["jobs-soak", .. var soak])
{
    return await JobQueueSoak.RunAsync(soak);
}

if (args is ["jobs-soak-worker", .. var worker])
{
    return await JobQueueSoak.RunWorkerAsync(worker);
}

if (args is ["media-search", .. var search])
{
    return await SearchLoad.RunAsync(search);
}

if (args is ["media-sign"])
{
    return await SignatureFill.RunAsync();
}

if (args is ["media-uploads", .. var uploads])
{
    return await UploadLoad.RunAsync(uploads);
}

// In this process: a project that is restored at run time would need packages that a sparse registry does not have.
var config = DefaultConfig.Instance
    .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance)
        .WithWarmupCount(3).WithIterationCount(8).WithIterationTime(TimeInterval.FromMilliseconds(100)))
    .AddDiagnoser(MemoryDiagnoser.Default)
    .AddColumn(StatisticColumn.Min, StatisticColumn.Max)
    .HideColumns(Column.Toolchain);

var reports = BenchmarkSwitcher.FromAssembly(Assembly.GetExecutingAssembly()).Run(args, config);
return reports.All(report => !report.HasCriticalValidationErrors && report.Reports.All(benchmark => benchmark.Success)) ? 0 : 1;
